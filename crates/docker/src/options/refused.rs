//! What the Docker SDK for Python takes and a sandbox cannot, each with its reason.

/// Name, reason, and what would do instead.
pub(super) type Refused = (&'static str, &'static str, &'static str);

const PIPE: &str = "the container's standard streams are the pipe to the agent";
const AGENT: &str = "the agent is the container's first process";
const ENDS: &str = "the container goes with its session";
const FORWARDING: &str = "nothing is forwarded from the host to a sandbox";
const OUTPUT: &str = "the container's output is the pipe to the agent, not the code's";
const WINDOWS: &str = "containers of Windows have it, and the agent needs Linux";
const OWN: &str = "the engine has it, but it is not passed on";

const DROP: &str = "leave it out";
const TERMINAL: &str = "ask for a terminal by Run::terminal, on the command line by --tty";
const RUN: &str = "name the program by Run::command";
const CLOSE: &str = "close the session when it is no longer needed";
const STREAM: &str = "follow a run by Session::start";

pub(super) const REFUSED: &[Refused] = &[
    ("detach", "a session never waits for its container", STREAM),
    ("remove", "the container is always removed", DROP),
    ("auto_remove", "the container is always removed", DROP),
    ("restart_policy", ENDS, "open a new session"),
    ("healthcheck", ENDS, DROP),
    ("stdin_open", PIPE, "give a run its input by Run::stdin"),
    ("tty", PIPE, TERMINAL),
    ("stdout", PIPE, STREAM),
    ("stderr", PIPE, STREAM),
    ("stream", PIPE, STREAM),
    ("log_config", OUTPUT, "take the output from the run"),
    ("entrypoint", AGENT, RUN),
    ("command", AGENT, RUN),
    ("stop_signal", ENDS, CLOSE),
    ("name", "sessions may be many, and a name is one container's", "give a label by labels"),
    (
        "image",
        "it is no option of a container but what it is made of",
        "name it by Docker::image, on the command line by --image",
    ),
    ("ports", FORWARDING, DROP),
    ("publish_all_ports", FORWARDING, DROP),
    ("links", "it joins containers by a network of an old kind", "name a network by network"),
    ("network_disabled", "there is no network unless one is named", DROP),
    ("networking_config", OWN, "name the network by network"),
    ("mac_address", OWN, DROP),
    ("volumes_from", "what another container mounts is not known here", "name each by volumes"),
    ("volume_driver", OWN, "create the volume first and name it by volumes"),
    ("device_requests", OWN, "name graphics processors by gpus"),
    ("oom_kill_disable", "a run that is out of memory would stand still for ever", "give it more by mem_limit"),
    ("cgroup_parent", "limits above the container's own are not known here", DROP),
    ("cgroupns", OWN, DROP),
    ("init_path", OWN, "give init, true or false"),
    ("kernel_memory", "kernels no longer have it", "limit all memory by mem_limit"),
    ("cpu_percent", WINDOWS, "limit processors by nano_cpus"),
    ("isolation", WINDOWS, "name a runtime by runtime"),
    ("cpu_rt_period", OWN, "limit processors by cpu_period and cpu_quota"),
    ("cpu_rt_runtime", OWN, "limit processors by cpu_period and cpu_quota"),
    ("blkio_weight", OWN, DROP),
    ("blkio_weight_device", OWN, DROP),
    ("device_read_bps", OWN, DROP),
    ("device_write_bps", OWN, DROP),
    ("device_read_iops", OWN, DROP),
    ("device_write_iops", OWN, DROP),
    ("lxc_conf", "engines no longer have it", DROP),
    ("use_config_proxy", "nothing of the client's configuration reaches a sandbox", "set variables by environment"),
    ("version", "the version of the interface is agreed upon with the engine", DROP),
];
