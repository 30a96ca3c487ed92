$stdout.sync = true
puts 'begun'
kept = []
loop { kept << 'x' * (8 << 20) }
