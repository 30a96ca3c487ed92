//! Scratch.
use llm_sandbox_core::*;
use std::sync::Arc;
use std::time::{Duration, Instant};
fn med(v: &mut Vec<Duration>) -> (Duration, Duration) {
    v.sort();
    (v[v.len() / 2], v[v.len() * 9 / 10])
}
#[tokio::main(flavor = "current_thread")]
async fn main() {
    let gap: u64 = std::env::args().nth(1).and_then(|a| a.parse().ok()).unwrap_or(0);
    let backend: Arc<dyn Backend> = Arc::new(llm_sandbox_native::Native::new());
    let session = Session::builder_on(backend.clone(), Language::Python).open().await.unwrap();
    let (mut a, mut b, mut c) = (vec![], vec![], vec![]);
    let mut steps: Vec<(String, Vec<Duration>)> = vec![];
    let (mut bare, mut run, mut prep, mut inner, mut fresh) = (vec![], vec![], vec![], vec![], vec![]);
    for _ in 0..200 {
        let t = Instant::now();
        std::process::Command::new("/bin/true").status().unwrap();
        bare.push(t.elapsed());
        tokio::time::sleep(Duration::from_millis(gap)).await;
        let t = Instant::now();
        let r = session.run(Run::command("/bin/true")).await.unwrap();
        run.push(t.elapsed());
        prep.push(r.durations.prepare.unwrap());
        inner.push(r.durations.run.unwrap());
        tokio::time::sleep(Duration::from_millis(gap)).await;
    }
    for _ in 0..100 {
        let t = Instant::now();
        let s = Session::builder_on(backend.clone(), Language::Python).open().await.unwrap();
        a.push(t.elapsed());
        let u = Instant::now();
        for (i, x) in s.opening().iter().enumerate() {
            if steps.len() <= i {
                steps.push((x.name.clone(), vec![]));
            }
            steps[i].1.push(x.duration);
        }
        s.run(Run::command("/bin/true")).await.unwrap();
        b.push(u.elapsed());
        let u = Instant::now();
        s.close().await.unwrap();
        c.push(u.elapsed());
        fresh.push(t.elapsed());
    }
    println!("open {:?} run {:?} close {:?}", med(&mut a), med(&mut b), med(&mut c));
    for (n, v) in &mut steps {
        println!("  {n} {:?}", med(v));
    }
    println!(
        "bare {:?} run {:?} prepare {:?} inner {:?} fresh {:?}",
        med(&mut bare),
        med(&mut run),
        med(&mut prep),
        med(&mut inner),
        med(&mut fresh)
    );
}
