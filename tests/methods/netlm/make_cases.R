# Three simulated networks through sna::netlm, for tests/methods/test_dyadic_regression_against_r.py.
# Rscript make_cases.R writes, beside itself, per case: the matrices, what netlm estimated, and for
# every predictor each permutation that netlm drew with the t value that it got.
# Made with R 4.2.2 and sna 2.7-1 (Debian 12: r-base-core, r-cran-sna).
suppressMessages(library(sna))
folder <- dirname(sub("--file=", "", grep("--file=", commandArgs(), value = TRUE)))
seventeen <- function(v) trimws(formatC(v, digits = 17, format = "g"))

run <- function(case, y, x, mode, reps, seed) {
  n <- nrow(y)
  set.seed(seed)
  fit <- netlm(y, array(unlist(x), c(n, n, length(x))) |> aperm(c(3, 1, 2)),
               mode = mode, nullhyp = "qapspp", reps = reps)
  matrices <- data.frame(row = c(row(y)), column = c(col(y)), y = seventeen(c(y)))
  for (name in names(x)) matrices[[name]] <- seventeen(c(x[[name]]))
  write.csv(matrices, file.path(folder, paste0(case, "_matrices.csv")), row.names = FALSE,
            quote = FALSE)
  estimates <- data.frame(term = c("Intercept", names(x)), mode = mode,
                          coef = seventeen(fit$coefficients), t = seventeen(fit$tstat),
                          p = seventeen(fit$pgreqabs))
  write.csv(estimates, file.path(folder, paste0(case, "_estimates.csv")), row.names = FALSE,
            quote = FALSE)
  # netlm draws sample(1:n) once per term and permutation, term after term, the constant first.
  set.seed(seed)
  draws <- lapply(1:(reps * (length(x) + 1)), function(i) sample(1:n))
  null <- data.frame(term = rep(names(x), each = reps),
                     permutation = sapply(draws[-(1:reps)], paste, collapse = " "),
                     t = seventeen(c(fit$dist[, -1])))
  write.csv(null, file.path(folder, paste0(case, "_null.csv")), row.names = FALSE, quote = FALSE)
}

# Directed, with effects of sender and receiver and two predictors that overlap.
set.seed(11)
n <- 20
field <- sample(1:4, n, TRUE)
place <- matrix(runif(2 * n), n)
distance <- as.matrix(dist(place))
dimnames(distance) <- NULL
same_field <- outer(field, field, "==") * 1
programmes <- same_field * 0.8 + matrix(rnorm(n * n), n)
y <- outer(rnorm(n), rnorm(n), "+") + matrix(rnorm(n * n), n) - distance + 0.3 * programmes
run("directed", y, list(distance = distance, same_field = same_field, programmes = programmes),
    "digraph", 250, 12)

# Undirected, odd number of agencies, skewed counts.
set.seed(21)
n <- 25
half <- function(m) { m[upper.tri(m)] <- t(m)[upper.tri(m)]; m }
size <- rlnorm(n)
distance <- as.matrix(dist(matrix(runif(2 * n), n)))
dimnames(distance) <- NULL
noise <- half(matrix(rnorm(n * n), n))
y <- half(matrix(rpois(n * n, exp(0.5 - distance + 0.2 * outer(size, size, "+"))), n))
run("undirected", y, list(distance = distance, size = outer(size, size), noise = noise),
    "graph", 250, 22)

# Few agencies with two crossed attributes: some relabellings turn one predictor exactly into the
# other, so that the design loses its rank and there is no t; many other t values are equal.
set.seed(31)
n <- 8
a <- rep(0:1, each = 4)
b <- rep(0:1, times = 4)
y <- outer(rnorm(n), rnorm(n), "+") + matrix(rnorm(n * n), n) + outer(a, rep(1, n))
run("rank", y, list(sender_a = outer(a, rep(1, n)), sender_b = outer(b, rep(1, n))),
    "digraph", 400, 32)
