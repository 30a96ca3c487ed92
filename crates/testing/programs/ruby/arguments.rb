require 'optparse'

times = 1
OptionParser.new { |parser| parser.on('--times N', Integer) { |given| times = given } }.parse!
p ARGV * times
