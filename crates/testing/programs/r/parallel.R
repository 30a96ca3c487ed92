# Processes of R's own library: forked ones, and a cluster that is talked to over loopback.
library(parallel)
cat(sum(unlist(mclapply(0:99, function(n) n * n, mc.cores = 2))), "\n")
cluster <- makePSOCKcluster(2)
offset <- 10
clusterExport(cluster, "offset")
cat(unlist(parLapply(cluster, 1:4, function(n) n + offset)), "\n")
stopCluster(cluster)
