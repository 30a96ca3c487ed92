# A server that is asked over loopback.
require 'socket'

server = TCPServer.new('127.0.0.1', 0)
answering = Thread.new do
  2.times do
    client = server.accept
    client.puts client.gets.upcase
    client.close
  end
end
%w[tea coffee].each do |word|
  TCPSocket.open('127.0.0.1', server.addr[1]) do |socket|
    socket.puts word
    puts socket.gets
  end
end
answering.join
