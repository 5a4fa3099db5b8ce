//! The life of a runner: ready, then step after step until the parent closes the socket.

use std::{io, process::ExitCode};

use weft_code_runner_protocol::{self as protocol, Done, Execute, Failure, Kind, Report, Sql};

use crate::{
    engine::Engine,
    host,
    link::Link,
    sql,
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
        let (kind, body) = host::with_link(Link::read)?;
        let clean = match kind {
            Kind::Execute => code(engine, &body)?,
            Kind::Sql => query(&body)?,
            _ => return Err(io::Error::other(protocol::FrameError::Malformed)),
        };
        // The parent has its answer: what the next step needs is made while nobody waits.
        if clean {
            engine.tidy();
        }
    }
}

/// Executes code; says whether the engine may serve another step.
fn code(engine: &mut Engine, execute: &[u8]) -> io::Result<bool> {
    let (globals, items) = host::with_link(|link| Ok((link.expect(Kind::Globals)?, link.expect(Kind::Items)?)))?;
    let execute: Execute = protocol::read_json(execute).map_err(io::Error::other)?;
    let Outcome { result, settled } = step::run(engine, &execute, &globals, &items);
    let clean = settled && engine.may_go_on();
    answer(result, Done { clean })?;
    Ok(clean)
}

/// Executes a query. Its database ends with it, so that nothing is left over.
fn query(query: &[u8]) -> io::Result<bool> {
    let query: Sql = protocol::read_json(query).map_err(io::Error::other)?;
    let result = sql::run(&query, || host::with_link(|link| link.expect(Kind::Items)))?;
    answer(result, Done { clean: true })?;
    Ok(true)
}

fn answer(result: Result<Vec<u8>, Failure>, done: Done) -> io::Result<()> {
    host::with_link(|link| {
        match result {
            Ok(json) => link.push(Kind::Returned, &json),
            Err(failure) => link.push_json(Kind::Failed, &failure),
        }
        link.push_json(Kind::Done, &done);
        link.flush()
    })
}
