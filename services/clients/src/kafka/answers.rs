//! What answers say.

use std::collections::HashMap;

use super::wire::{Answer, Api, Topic, not_understood};
use crate::Failure;

/// A part of a topic, and who leads it; below zero for nobody.
#[derive(Clone, Copy)]
pub(super) struct Partition {
    pub(super) index: i32,
    pub(super) leader: i32,
}

/// Where its servers are by their numbers, an error's number, and the parts of the topic.
pub(super) type Cluster = (HashMap<i32, (String, u16)>, i16, Vec<Partition>);

/// What a cluster says of itself and of a topic.
pub(super) fn cluster(answer: &mut Answer, topic: &Topic) -> Result<Cluster, Failure> {
    let brokers = brokers(answer)?;
    let topics = answer.list(|answer| {
        let (code, name) = (answer.short()?, answer.text()?);
        answer.truth()?;
        Ok((code, name, answer.list(partition_of)?))
    })?;
    let found = topics.into_iter().find(|(_, name, _)| name.as_deref() == Some(topic.as_str()));
    let (code, _, mut partitions) = found.ok_or_else(|| not_understood("nothing about the topic"))?;
    partitions.sort_by_key(|one| one.index);
    Ok((brokers, code, partitions))
}

/// Where the servers of a cluster are; what it says of topics comes behind it.
pub(super) fn brokers(answer: &mut Answer) -> Result<HashMap<i32, (String, u16)>, Failure> {
    answer.int()?;
    let brokers = answer.list(|answer| {
        let (id, host, port) = (answer.int()?, answer.text()?, answer.int()?);
        answer.text()?;
        let port = u16::try_from(port).map_err(|_| not_understood("a port that there is not"))?;
        Ok((id, (host.unwrap_or_default(), port)))
    })?;
    answer.text()?;
    answer.int()?;
    Ok(brokers.into_iter().collect())
}

fn partition_of(answer: &mut Answer) -> Result<Partition, Failure> {
    let (_code, index, leader) = (answer.short()?, answer.int()?, answer.int()?);
    answer.list(Answer::int)?;
    answer.list(Answer::int)?;
    Ok(Partition { index, leader })
}

/// By topic and part of it.
pub(super) type Outcomes = HashMap<(String, i32), (i16, i64)>;

/// What became of each batch: an error's number, and the place of its first message.
pub(super) fn outcomes(answer: &mut Answer, api: Api) -> Result<Outcomes, Failure> {
    let of_topics = answer.list(|answer| {
        let name = answer.text()?.unwrap_or_default();
        let of_partitions = answer.list(|answer| {
            let (index, code, first) = (answer.int()?, answer.short()?, answer.long()?);
            answer.long()?;
            if api == Api::ProduceZstd {
                answer.long()?;
            }
            Ok((index, (code, first)))
        })?;
        Ok((name, of_partitions))
    })?;
    let each = |(name, of_partitions): (String, Vec<_>)| {
        of_partitions.into_iter().map(move |(index, said)| ((name.clone(), index), said))
    };
    Ok(of_topics.into_iter().flat_map(each).collect())
}
