größe = 42
puts "größe=#{größe} — naïve ☕ 日本語 🦀"
$stdin.each_line(chomp: true) do |word|
  puts "#{word.reverse} #{word.size} #{word.bytesize} #{word.upcase} #{word.unicode_normalize(:nfd) == word} #{word.encoding}"
end
File.write('ünïcode-☕.txt', 'ja')
puts File.read('ünïcode-☕.txt') + ' ' + ARGV[0]
warn 'Fehler: Ärger'
