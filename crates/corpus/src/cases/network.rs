use llm_sandbox_core::Guarantee::{NetworkNone, ProcessesHidden, SystemCalls};

use crate::Required::GoneInNextSession;
use crate::{Case, Control, Target};

pub(super) const CASES: &[Case] = &[
    Case::denied(
        "86-tcp-out",
        NetworkNone,
        "
import socket
host, port = aim.split(':')
denied(refuse(lambda: socket.create_connection((host, int(port)), 3)))",
    )
    .aimed_at(Target::OutwardPort),
    Case::denied(
        "87-udp-and-names",
        NetworkNone,
        "
import socket
host, port = aim.split(':')
def send(address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as end: return end.sendto(b'secret', address)
# A host without an outward address gives one that is the sandbox's own, too.
away = [] if host.startswith('127.') else [(host, int(port))]
for address in away + [('192.0.2.1', 53)]: seen = refuse(lambda: send(address))
denied(seen)",
    )
    .aimed_at(Target::OutwardPort),
    Case::denied(
        "88-metadata-service",
        NetworkNone,
        "
import socket
denied(refuse(lambda: socket.create_connection(('169.254.169.254', 80), 1), 'ENETUNREACH', 'EPERM'))",
    )
    .control(Control::Not("a host need not have a route there")),
    Case::denied(
        "89-the-hosts-loopback",
        NetworkNone,
        "
import socket
host, port = aim.split(':')
denied(refuse(lambda: socket.create_connection((host, int(port)), 3)))",
    )
    .aimed_at(Target::LoopbackPort),
    Case::denied(
        "90-abstract-sockets",
        NetworkNone,
        "
import socket
def connect():
    with socket.socket(socket.AF_UNIX) as end: end.connect('\\0' + aim)
denied(refuse(connect))",
    )
    .aimed_at(Target::AbstractSocket),
    Case::denied(
        "91-vsock",
        SystemCalls,
        "
import socket
denied(refuse(lambda: socket.socket(40, socket.SOCK_STREAM)))",
    )
    .control(Control::Not("a kernel need not have this family")),
    Case::denied(
        "92-netlink-and-raw",
        SystemCalls,
        "
import socket
seen = refuse(lambda: socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))
refuse(lambda: socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP))
denied(refuse(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW)))",
    ),
    Case::seen(
        "97-channel-between-sessions",
        ProcessesHidden,
        GoneInNextSession,
        "
import fcntl
file = os.open('/dev/shm/llm-sandbox-corpus-channel', os.O_RDWR | os.O_CREAT, 0o666)
if os.read(file, 9): os.unlink('/dev/shm/llm-sandbox-corpus-channel'); escaped('a word of another session')
os.write(file, b'a word')
denied('planted')",
    ),
];
