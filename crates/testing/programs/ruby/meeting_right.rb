File.write('right', '')
sleep 0.01 until File.exist?('left')
puts 'right met left'
