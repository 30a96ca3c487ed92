require 'open3'
require 'rbconfig'

sorted, status = Open3.capture2('sort', '-r', stdin_data: "b\na\nc\n")
p sorted.split, status.success?
puts IO.popen([RbConfig.ruby, '-e', 'puts gets.reverse'], 'r+') { |pipe| pipe.puts('live'); pipe.close_write; pipe.read.strip }
system('exit 3')
puts $?.exitstatus, `echo straight out`
child = fork { exit!(5) }
puts Process.wait2(child)[1].exitstatus
