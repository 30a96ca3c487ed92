# A filter: the most frequent words of standard input.
counts = $stdin.each_line.flat_map { |line| line.downcase.scan(/[[:alpha:]]+/) }.tally
counts.sort_by { |word, count| [-count, word] }.first(3).each { |word, count| printf("%3d %s\n", count, word) }
