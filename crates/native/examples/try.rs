//! Scratch.
use llm_sandbox_core::*;
use std::sync::Arc;
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let code = std::env::args().nth(1).unwrap_or("print(6*7)".into());
    let t = std::time::Instant::now();
    let session = match Session::builder_on(Arc::new(llm_sandbox_native::Native::new()), Language::Python).open().await
    {
        Ok(s) => s,
        Err(e) => {
            println!("{e} {e:?}");
            return;
        }
    };
    println!("open {:?}", t.elapsed());
    for s in session.opening() {
        println!("  {} {:?}", s.name, s.duration);
    }
    for _ in 0..3 {
        let t = std::time::Instant::now();
        let r = session.run(code.as_str()).await;
        println!("{:?} {:?}", t.elapsed(), r);
    }
    for _ in 0..5 {
        let t = std::time::Instant::now();
        let r = session.run(Run::command("/bin/true")).await;
        println!("{:?} {:?}", t.elapsed(), r.map(|r| (r.outcome, r.durations)));
    }
    let t = std::time::Instant::now();
    println!("{:?}", session.close().await);
    println!("close {:?}", t.elapsed());
}
