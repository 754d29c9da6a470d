"""What a reviewer carries away from a study: a report to read and a policy study to file."""
