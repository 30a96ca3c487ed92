# What the language is for.
set.seed(42)
x <- 1:10
y <- 2 * x + 1
fit <- lm(y ~ x)
print(unname(round(coef(fit), 6)))
frame <- data.frame(kind = factor(c("a", "b", "a", "c")), value = c(1, 2, 3, NA))
print(aggregate(value ~ kind, frame, mean))
print(tapply(frame$value, frame$kind, sum, na.rm = TRUE))
cat(round(pnorm(1.96), 4), round(optimize(function(z) (z - 2)^2, c(0, 5))$minimum, 3), det(matrix(c(2, 1, 1, 3), 2)), "\n")
summary(frame$value)
