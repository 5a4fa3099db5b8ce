//! The life of a runner: ready, then step after step until the parent closes the socket.

use std::{io, process::ExitCode};

use weft_code_runner_protocol::{self as protocol, Done, Execute, Kind, Report};

use crate::{
    engine::Engine,
    host,
    link::Link,
    step::{self, Outcome},
};

/// Serves steps until the parent goes away.
pub fn serve(mut engine: Engine, mut link: Link, report: &Report) -> ExitCode {
    link.push_json(Kind::Ready, report);
    let served = link.flush().and_then(|()| {
        host::keep(link);
        steps(&mut engine)
    });
    // Ends at once: tearing the engine down would only take time.
    std::process::exit(match served {
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => 0,
        _ => 1,
    })
}

fn steps(engine: &mut Engine) -> io::Result<()> {
    loop {
        let (execute, globals, items) = host::with_link(|link| {
            let execute = link.expect(Kind::Execute)?;
            Ok::<_, io::Error>((execute, link.expect(Kind::Globals)?, link.expect(Kind::Items)?))
        })?;
        let execute: Execute = protocol::read_json(&execute).map_err(io::Error::other)?;
        let Outcome { result, settled } = step::run(engine, &execute, &globals, &items);
        let clean = settled && engine.may_go_on();
        host::with_link(|link| {
            match result {
                Ok(json) => link.push(Kind::Returned, &json),
                Err(failure) => link.push_json(Kind::Failed, &failure),
            }
            link.push_json(Kind::Done, &Done { clean });
            link.flush()
        })?;
        // The parent has its answer: what the next step needs is made while nobody waits.
        if clean {
            engine.tidy();
        }
    }
}
