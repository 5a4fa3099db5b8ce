//! What the DNS says of a name beside its addresses: the servers of a service (RFC 2782), and texts.
//!
//! The system's resolver tells addresses only. Here the name servers of this installation are asked, one after the other: over UDP,
//! and over TCP where an answer is too long for that (RFC 1035, section 4.2).

use std::io;
use std::iter::repeat_n;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use resolv_conf::Config;
use simple_dns::rdata::RData;
use simple_dns::{CLASS, Name, Packet, PacketFlag, Question, RCODE, SimpleDnsError, TYPE, header_buffer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpStream, UdpSocket};
use tokio::time::timeout;

/// Where an installation says which name servers it has.
const SETTINGS: &str = "/etc/resolv.conf";
const PORT: u16 = 53;
/// How many name servers are asked.
const MOST_SERVERS: usize = 3;
/// How long each of them may take.
const EACH: Duration = Duration::from_secs(3);
/// How often each of them is asked: what is sent over UDP may be lost.
const TURNS: usize = 2;
/// How many records an answer may have of each sort.
const MOST_RECORDS: u16 = 200;
/// The longest answer over UDP that is read.
const MOST_BYTES: usize = 4096;
/// How long the beginning of a question is, and that of its answer, in bytes.
const HEADER: usize = 12;

/// Name servers.
pub(super) struct NameServers(Vec<SocketAddr>);

impl NameServers {
    /// Those of this installation; where it names none, that of this machine.
    pub(super) async fn of_installation() -> Self {
        let written = tokio::fs::read(SETTINGS).await.unwrap_or_default();
        let (settings, _) = Config::parse_with_errors(&written);
        let servers = settings.get_nameservers_or_local().into_iter().take(MOST_SERVERS);
        Self(servers.map(|server| SocketAddr::new(IpAddr::from(server), PORT)).collect())
    }

    /// Where the servers of a service are; none where nobody knows the name.
    pub(super) async fn services(&self, name: &str) -> io::Result<Vec<(String, u16)>> {
        let service = |record: RData| match record {
            RData::SRV(service) => Some((service.target.to_string(), service.port)),
            _ => None,
        };
        self.records(name, TYPE::SRV, service).await
    }

    /// The texts of a name.
    pub(super) async fn texts(&self, name: &str) -> io::Result<Vec<String>> {
        let text = |record: RData| match record {
            RData::TXT(text) => String::try_from(text).ok(),
            _ => None,
        };
        self.records(name, TYPE::TXT, text).await
    }

    async fn records<T>(&self, name: &str, kind: TYPE, read: impl Fn(RData<'_>) -> Option<T>) -> io::Result<Vec<T>> {
        let mut last = io::ErrorKind::NotFound.into();
        for server in repeat_n(&self.0, TURNS).flatten() {
            let asked = query(name, kind)?;
            let answer = timeout(EACH, exchanged(*server, &asked)).await;
            let answer = answer.unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()));
            match answer.and_then(|answer| records_of(&answer, &read)) {
                Ok(records) => return Ok(records),
                Err(error) => last = error,
            }
        }
        Err(last)
    }
}

/// A question under a number that nobody can guess.
fn query(name: &str, kind: TYPE) -> io::Result<Vec<u8>> {
    let name = Name::new(name).map_err(invalid)?;
    let mut query = Packet::new_query(rand::random());
    query.set_flags(PacketFlag::RECURSION_DESIRED);
    query.questions.push(Question::new(name, kind.into(), CLASS::IN.into(), false));
    query.build_bytes_vec().map_err(invalid)
}

async fn exchanged(server: SocketAddr, asked: &[u8]) -> io::Result<Vec<u8>> {
    let any: IpAddr = if server.is_ipv4() { Ipv4Addr::UNSPECIFIED.into() } else { Ipv6Addr::UNSPECIFIED.into() };
    let socket = UdpSocket::bind((any, 0)).await?;
    // From here on only what this server sends arrives.
    socket.connect(server).await?;
    socket.send(asked).await?;
    let mut answer = vec![0; MOST_BYTES];
    let length = loop {
        let length = socket.recv(&mut answer).await?;
        // Something late or forged is passed over.
        if is_answer(&answer[..length], asked) {
            break length;
        }
    };
    answer.truncate(length);
    if header_buffer::has_flags(&answer, PacketFlag::TRUNCATION).map_err(invalid)? {
        return over_tcp(server, asked).await;
    }
    Ok(answer)
}

async fn over_tcp(server: SocketAddr, asked: &[u8]) -> io::Result<Vec<u8>> {
    let length = u16::try_from(asked.len()).map_err(io::Error::other)?;
    let mut stream = TcpStream::connect(server).await?;
    stream.write_all(&[&length.to_be_bytes()[..], asked].concat()).await?;
    let mut answer = vec![0; stream.read_u16().await?.into()];
    stream.read_exact(&mut answer).await?;
    if is_answer(&answer, asked) { Ok(answer) } else { Err(io::ErrorKind::InvalidData.into()) }
}

/// Whether it has the number of the question, and the question in it.
fn is_answer(answer: &[u8], asked: &[u8]) -> bool {
    answer.get(HEADER..asked.len()).is_some_and(|repeated| repeated.eq_ignore_ascii_case(&asked[HEADER..]))
        && answer[..2] == asked[..2]
        && header_buffer::has_flags(answer, PacketFlag::RESPONSE).unwrap_or_default()
        && header_buffer::questions(answer) == Ok(1)
}

fn records_of<T>(answer: &[u8], read: impl Fn(RData<'_>) -> Option<T>) -> io::Result<Vec<T>> {
    let counts = [
        header_buffer::answers(answer),
        header_buffer::name_servers(answer),
        header_buffer::additional_records(answer),
    ];
    if counts.iter().any(|count| count.as_ref().is_ok_and(|count| *count > MOST_RECORDS)) {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let packet = Packet::parse(answer).map_err(invalid)?;
    match packet.rcode() {
        RCODE::NoError | RCODE::NameError => {
            Ok(packet.answers.into_iter().filter_map(|record| read(record.rdata)).collect())
        }
        _ => Err(io::ErrorKind::Other.into()),
    }
}

fn invalid(error: SimpleDnsError) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]
mod tests {
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use simple_dns::rdata::{SRV, TXT};
    use simple_dns::{QTYPE, ResourceRecord};
    use tokio::net::TcpListener;

    use super::*;

    /// What a server does when it is asked over UDP.
    #[derive(Clone, Copy, PartialEq, Eq)]
    enum Like {
        Knows(u16),
        KnowsNothing,
        /// It says first what belongs to other questions.
        Forged,
        /// It has to be asked over TCP.
        Long(u16),
        Fails,
        Lies,
    }

    struct Server {
        address: SocketAddr,
        asked: Arc<AtomicUsize>,
    }

    impl Server {
        async fn start(like: Like) -> Self {
            let (udp, tcp) = loop {
                let tcp = TcpListener::bind("127.0.0.1:0").await.unwrap();
                // Somebody else may have that port for UDP.
                if let Ok(udp) = UdpSocket::bind(tcp.local_addr().unwrap()).await {
                    break (udp, tcp);
                }
            };
            let (address, asked) = (udp.local_addr().unwrap(), Arc::new(AtomicUsize::new(0)));
            let counted = Arc::clone(&asked);
            tokio::spawn(async move {
                let mut query = [0; 512];
                while let Ok((length, from)) = udp.recv_from(&mut query).await {
                    counted.fetch_add(1, Ordering::SeqCst);
                    for answer in answers(&query[..length], like) {
                        udp.send_to(&answer, from).await.unwrap();
                    }
                }
            });
            tokio::spawn(async move {
                while let Ok((mut stream, _)) = tcp.accept().await {
                    let mut query = vec![0; stream.read_u16().await.unwrap().into()];
                    stream.read_exact(&mut query).await.unwrap();
                    let Like::Long(hosts) = like else { panic!("it is asked over TCP") };
                    let answer = reply(&query, hosts, RCODE::NoError);
                    let length = u16::try_from(answer.len()).unwrap().to_be_bytes();
                    stream.write_all(&[&length[..], &answer].concat()).await.unwrap();
                }
            });
            Self { address, asked }
        }
    }

    fn answers(query: &[u8], like: Like) -> Vec<Vec<u8>> {
        let answer = |hosts| reply(query, hosts, RCODE::NoError);
        match like {
            Like::Knows(hosts) => vec![answer(hosts)],
            Like::KnowsNothing => vec![reply(query, 0, RCODE::NameError)],
            Like::Fails => vec![reply(query, 0, RCODE::ServerFailure)],
            Like::Forged => {
                let mut other = answer(1);
                other[0] ^= 1;
                let mut about = answer(1);
                about[HEADER + 1] ^= 1;
                vec![other, about, query.to_vec(), vec![0; 3], answer(2)]
            }
            Like::Long(_) => {
                let mut short = answer(0);
                short[2] |= 2;
                vec![short]
            }
            Like::Lies => {
                let mut many = answer(0);
                many[6..8].copy_from_slice(&[0xff, 0xff]);
                vec![many]
            }
        }
    }

    fn reply(query: &[u8], hosts: u16, code: RCODE) -> Vec<u8> {
        let targets: Vec<String> = (0..hosts).map(|host| format!("h{host}.Example.net")).collect();
        let mut packet = Packet::parse(query).unwrap().into_reply();
        *packet.rcode_mut() = code;
        let name = packet.questions[0].qname.clone();
        let record = |data| ResourceRecord::new(name.clone(), CLASS::IN, 60, data);
        let is_text = packet.questions[0].qtype == QTYPE::from(TYPE::TXT);
        packet.answers = if is_text {
            let text = TXT::new().with_string("authSource=users").unwrap().with_string("&replicaSet=é").unwrap();
            vec![record(RData::TXT(text))]
        } else {
            let service = |(port, target)| SRV { priority: 0, weight: 0, port, target: Name::new(target).unwrap() };
            let targets = (27_017..).zip(targets.iter().map(String::as_str));
            targets.map(|target| record(RData::SRV(service(target)))).collect()
        };
        packet.build_bytes_vec().unwrap()
    }

    const NAME: &str = "_mongodb._tcp.cluster0.example.net";

    async fn found(servers: &[&Server]) -> io::Result<Vec<(String, u16)>> {
        NameServers(servers.iter().map(|server| server.address).collect()).services(NAME).await
    }

    #[tokio::test]
    async fn servers_and_texts_of_a_name_are_found() {
        for like in [Like::Knows(2), Like::Forged] {
            let server = Server::start(like).await;
            let hosts = [("h0.Example.net".to_owned(), 27_017), ("h1.Example.net".to_owned(), 27_018)];
            assert_eq!(found(&[&server]).await.unwrap(), hosts);
            let texts = NameServers(vec![server.address]).texts("cluster0.example.net").await.unwrap();
            assert_eq!(texts, ["authSource=users&replicaSet=é"]);
            assert_eq!(server.asked.load(Ordering::SeqCst), 2);
        }
        let nothing = Server::start(Like::KnowsNothing).await;
        assert_eq!(found(&[&nothing]).await.unwrap(), []);
    }

    #[tokio::test]
    async fn a_long_answer_comes_over_tcp() {
        let server = Server::start(Like::Long(150)).await;
        assert_eq!(found(&[&server]).await.unwrap().len(), 150);
        let endless = Server::start(Like::Long(MOST_RECORDS + 1)).await;
        assert!(found(&[&endless]).await.is_err());
    }

    #[tokio::test]
    async fn where_one_name_server_fails_the_next_one_is_asked() {
        let (fails, lies, knows) =
            (Server::start(Like::Fails).await, Server::start(Like::Lies).await, Server::start(Like::Knows(1)).await);
        assert_eq!(found(&[&fails, &lies, &knows]).await.unwrap().len(), 1);
        assert!(found(&[&fails, &lies]).await.is_err());
        let asked = [&fails, &lies, &knows].map(|server| server.asked.load(Ordering::SeqCst));
        assert_eq!(asked, [1 + TURNS, 1 + TURNS, 1]);
        assert!(NameServers(Vec::new()).services(NAME).await.is_err());
        assert!(NameServers(vec![knows.address]).services(&"a".repeat(64)).await.is_err(), "no name is as long");
    }
}
