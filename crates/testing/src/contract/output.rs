//! Output: bounded, ordered, whole.

use llm_sandbox_core::{Gap, OutputStream, Run};

use super::{Shared, open, run};

/// Past the cap the run goes on; head and tail are kept and the rest is counted.
pub async fn output_cap_keeps_head_and_tail(backend: Shared) {
    let session = open(backend).await;
    let code = "import sys\nprint('first')\nfor i in range(20000): print('x' * 99)\nprint('last')\nprint('e', file=sys.stderr)";
    let result = run(&session, Run::code(code).output_limit(10_000)).await;
    let text = result.stdout_text();
    assert!(text.starts_with("first\n") && text.ends_with("last\n"), "{text}");
    assert_eq!(result.stdout.bytes.len(), 10_000);
    assert_eq!(result.stdout.written, 2_000_011);
    assert_eq!(result.stdout.gap, Some(Gap { offset: 5_000, omitted: 1_990_011 }));
    assert_eq!((result.stderr_text(), result.stderr.is_truncated()), ("e\n".into(), false));
    assert!(result.is_success());
    let none = run(&session, Run::code("print('x')").output_limit(0)).await;
    assert_eq!((none.stdout.bytes.len(), none.stdout.gap), (0, Some(Gap { offset: 0, omitted: 2 })));
}

/// Output that just fits is whole.
pub async fn output_below_the_cap_is_whole(backend: Shared) {
    let session = open(backend).await;
    for size in [99, 100] {
        let code = format!("import sys; sys.stdout.write('x' * {size})");
        let result = run(&session, Run::code(code).output_limit(100)).await;
        assert_eq!((result.stdout.bytes.len(), result.stdout.gap), (size, None));
    }
}

/// Without a cap every byte comes as an event, and the result keeps head and tail.
pub async fn unlimited_output_streams_all(backend: Shared) {
    let session = open(backend).await;
    let code = "import sys\nfor i in range(400): sys.stdout.buffer.write(bytes([i % 256]) * 65536)";
    let mut handle = session.start(Run::code(code).unlimited_output()).await.expect("it starts");
    let (mut seen, mut last) = (0_u64, None);
    while let Some(event) = handle.next_event().await {
        assert!(last < Some(event.number));
        last = Some(event.number);
        for byte in event.bytes {
            assert_eq!(byte, (seen / 65536 % 256) as u8);
            seen += 1;
        }
    }
    let result = handle.wait().await.expect("the sandbox lives");
    assert_eq!((seen, result.stdout.written), (400 * 65536, 400 * 65536));
    assert_eq!(result.stdout.bytes.len(), 8 << 20);
    assert_eq!(result.stdout.gap, Some(Gap { offset: 4 << 20, omitted: 400 * 65536 - (8 << 20) }));
}

/// One stream full does not hold up the other.
pub async fn stderr_floods_do_not_block(backend: Shared) {
    let session = open(backend).await;
    let code = "import sys\nsys.stderr.write('e' * 5000000)\nprint('out')";
    let result = run(&session, Run::code(code).output_limit(1000)).await;
    assert_eq!((result.stdout_text(), result.stderr.written), ("out\n".into(), 5_000_000));
}

/// A character split between two writes is whole in the result.
pub async fn split_characters_stay_whole(backend: Shared) {
    let session = open(backend).await;
    let code = "import sys, time\nfor byte in 'é€😀'.encode():\n    sys.stdout.buffer.write(bytes([byte]))\n    sys.stdout.buffer.flush()\n    time.sleep(0.01)";
    assert_eq!(run(&session, code).await.stdout_text(), "é€😀");
}

/// Events tell which stream they are of, in the order of their numbers and times.
pub async fn output_is_in_order(backend: Shared) {
    let session = open(backend).await;
    let code = "import sys, time\nfor i in range(5):\n    print(i)\n    time.sleep(0.05)\n    print(i, file=sys.stderr)\n    time.sleep(0.05)";
    let mut handle = session.start(code).await.expect("it starts");
    let mut events = Vec::new();
    while let Some(event) = handle.next_event().await {
        events.push(event);
    }
    assert!(events.windows(2).all(|pair| pair[0].number < pair[1].number && pair[0].time <= pair[1].time));
    let mut streams: Vec<_> = events.iter().map(|event| event.stream).collect();
    // A line may come in pieces.
    streams.dedup();
    assert_eq!(streams, [OutputStream::Stdout, OutputStream::Stderr].repeat(5));
    assert!(handle.wait().await.expect("the sandbox lives").is_success());
}
