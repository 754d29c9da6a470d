"""What is proposed: dated and sourced plans."""
