//! The network: none but a loopback interface of the sandbox's own.

use std::{
    net::{TcpListener, UdpSocket},
    os::linux::net::SocketAddrExt,
    os::unix::net::{SocketAddr, UnixListener},
};

use crate::support::{marker, open, printed, python};

#[tokio::test]
async fn there_is_no_way_out() {
    let session = open(python()).await;
    let code = "
import errno, socket
def attempt(family, kind, address):
    with socket.socket(family, kind) as s:
        s.settimeout(5)
        try:
            s.connect(address)
            s.send(b'x')
            return 'connected'
        except OSError as error: return errno.errorcode.get(error.errno, repr(error))
for address in ('192.0.2.1', '8.8.8.8', '169.254.169.254', '10.0.0.1', '172.17.0.1', '255.255.255.255', '224.0.0.1'):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        result = attempt(socket.AF_INET, kind, (address, 53))
        if result not in ('ENETUNREACH', 'EACCES'): print(address, kind, result)
for address in ('2001:db8::1', 'fe80::1', 'ff02::1'):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM):
        result = attempt(socket.AF_INET6, kind, (address, 53))
        if result not in ('ENETUNREACH', 'EADDRNOTAVAIL', 'EINVAL'): print(address, kind, result)
try: print(socket.getaddrinfo('example.com', 80))
except socket.gaierror: print('no names')
print([line.split(':')[0].strip() for line in open('/proc/net/dev').read().splitlines()[2:]])
print(len(open('/proc/net/route').read().splitlines()))";
    assert_eq!(printed(&session, code).await, "no names\n['lo']\n1\n");
}

#[tokio::test]
async fn the_hosts_own_services_are_out_of_reach() {
    let tcp = TcpListener::bind("127.0.0.1:0").expect("a port");
    let udp = UdpSocket::bind("127.0.0.1:0").expect("a port");
    udp.set_nonblocking(true).expect("it is ours");
    let name = marker();
    let address = SocketAddr::from_abstract_name(name.as_bytes()).expect("a name");
    let _abstract = UnixListener::bind_addr(&address).expect("it is free");
    let session = open(python()).await;
    let (tcp_port, udp_port) = (tcp.local_addr().expect("bound").port(), udp.local_addr().expect("bound").port());
    let code = format!(
        "import socket
def attempt(family, kind, address):
    with socket.socket(family, kind) as s:
        try: s.connect(address); s.send(b'x'); return 'connected'
        except OSError as error: return type(error).__name__
print(attempt(socket.AF_INET, socket.SOCK_STREAM, ('127.0.0.1', {tcp_port})))
attempt(socket.AF_INET, socket.SOCK_DGRAM, ('127.0.0.1', {udp_port}))
print(attempt(socket.AF_UNIX, socket.SOCK_STREAM, '\\0{name}'))
print(open('/proc/net/unix').read().count('{name}'))"
    );
    assert_eq!(printed(&session, code).await, "ConnectionRefusedError\nConnectionRefusedError\n0\n");
    assert!(udp.recv(&mut [0; 8]).is_err(), "nothing arrived");
}

#[tokio::test]
async fn loopback_works() {
    let session = open(python()).await;
    let code = "
import socket, threading
for family, host in ((socket.AF_INET, '127.0.0.1'), (socket.AF_INET6, '::1'), (socket.AF_INET, 'localhost')):
    server = socket.create_server((host, 0), family=family)
    def serve():
        with server.accept()[0] as peer: peer.sendall(peer.recv(100).upper())
    thread = threading.Thread(target=serve)
    thread.start()
    with socket.create_connection(server.getsockname()[:2]) as client:
        client.sendall(b'hello')
        print(client.recv(100))
    thread.join()
    server.close()";
    assert_eq!(printed(&session, code).await, "b'HELLO'\n".repeat(3));
}

#[tokio::test]
async fn sessions_do_not_share_a_loopback_interface() {
    let (one, other) = (open(python()).await, open(python()).await);
    let serve = "import socket, time
server = socket.create_server(('127.0.0.1', 7777))
print('on')
time.sleep(60)";
    let mut server = one.start(serve).await.expect("it starts");
    crate::support::until(&mut server, "on").await;
    let knock = "import socket
try: socket.create_connection(('127.0.0.1', 7777)); print('open')
except ConnectionRefusedError: print('refused')";
    assert_eq!(printed(&other, knock).await, "refused\n");
    assert_eq!(printed(&one, knock).await, "open\n");
}
