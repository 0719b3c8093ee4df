import type { DeviationWords } from './words'

const nobody = (nodes: number | string | undefined): string =>
  nodes === '' || nodes === undefined ? 'nobody' : String(nodes)
const none = (term: number | string | undefined): string => (term === 0 ? 'none' : `one of term ${term}`)

export const en: DeviationWords = {
  'restart-term-kept': ({ node, before, term }) =>
    `Node ${node} had term ${before} on its disk and started again in term ${term}.`,
  'restart-vote-kept': ({ node, term, first, votedFor }) =>
    `Node ${node} had its vote of term ${term} for node ${first} on its disk and started again with ${votedFor === 0 ? 'none' : `one for node ${votedFor}`}.`,
  'restart-log-kept': ({ node, index, before, term }) =>
    `Node ${node} had the committed entry ${index} of term ${before} on its disk; after its restart there is ${none(term)}.`,
  'term-grows': ({ node, before, term }) => `The term of node ${node} went back from ${before} to ${term}.`,
  'term-heard': ({ node, before, term }) =>
    `Node ${node} went from term ${before} to ${term}, which no message that it was handling said.`,
  'timeout-next-term': ({ node, before, term }) =>
    `Node ${node} stood for election in term ${term}; the one after ${before} is the next.`,
  'timeout-not-leader': ({ node, term }) => `Node ${node} stood for election while it led term ${term}.`,
  'timeout-may-stand': ({ node, term }) =>
    `Node ${node} stood for election (term ${term}); in its configuration it is no voter that may lead.`,
  'candidate-votes-for-itself': ({ node, term, votedFor }) =>
    `Node ${node} is a candidate in term ${term} and ${votedFor === 0 ? 'has not voted' : `has voted for node ${votedFor}`}, not for itself.`,
  'told-by-leader': ({ node, term }) =>
    `Node ${node} stood in term ${term} as if its leader had told it to; it was not handling a TimeoutNow.`,
  'pre-vote-term-stays': ({ node, term, currentTerm }) =>
    `Node ${node} asked for pre-votes in term ${term}; asking leaves its term, ${currentTerm}, as it is.`,
  'pre-vote-majority': ({ node, term, of, by }) =>
    `Node ${node} stood in term ${term}; of the voters ${of} only ${nobody(by)} had promised a vote.`,
  'pre-vote-log-up-to-date': ({ node, peer, index, logTerm, last, lastTerm }) =>
    `Node ${node} promised node ${peer} a vote, whose log ends at ${index} of term ${logTerm}; its own ends at ${last} of term ${lastTerm}.`,
  'vote-once': ({ node, term, first, votedFor }) =>
    `In term ${term} node ${node} had voted for node ${first}, and then ${votedFor === 0 ? 'forgot it' : `voted for node ${votedFor}`}.`,
  'vote-asked-for': ({ node, term, votedFor }) =>
    `Node ${node} voted for node ${votedFor} in term ${term}, and was not handling a RequestVote of it in that term.`,
  'vote-log-up-to-date': ({ node, votedFor, index, logTerm, last, lastTerm }) =>
    `Node ${node} voted for node ${votedFor}, whose log ends at ${index} of term ${logTerm}; its own ends at ${last} of term ${lastTerm}.`,
  'vote-refusal-founded': ({ node, candidate, reason, term, votedFor }) =>
    `Node ${node} refused node ${candidate} a vote (${reason}), and that is not so: its term is ${term}, its vote ${votedFor === 0 ? 'not given' : `for node ${votedFor}`}.`,
  'leader-was-candidate': ({ node, term, role, currentTerm }) =>
    `Node ${node} became leader of term ${term} as a ${role} in term ${currentTerm}; only a candidate of that term does.`,
  'leader-majority': ({ node, term, of, by }) =>
    `Node ${node} became leader of term ${term}; of the voters ${of} it had the votes of ${nobody(by)}.`,
  'role-term': ({ node, term, currentTerm }) =>
    `Node ${node} says that it follows in term ${term}; its term is ${currentTerm}.`,
  'leader-steps-down': ({ node, term, reason }) =>
    `Node ${node} stopped leading term ${term} (${reason}) without a later term, a lost majority or its removal.`,
  'leader-heard': ({ node, term, leader }) =>
    `Node ${node} follows node ${leader} in term ${term}, and was not handling a message of it as that term’s leader.`,
  'removed-is-committed': ({ node, index, commitIndex }) =>
    `Node ${node} stopped leading because the configuration at ${index} leaves it out; only ${commitIndex} is committed.`,
  'leader-appends-own-term': ({ node, index, entryTerm, term }) =>
    `Node ${node} leads term ${term} and added entry ${index} of term ${entryTerm}.`,
  'leader-append-only': ({ node, term, index, last }) =>
    `Node ${node} leads term ${term} and took entries from ${index} on away or replaced them; its log went to ${last}.`,
  'append-asked-for': ({ node, index }) =>
    `Node ${node} changed its log or commitIndex at ${index}, and was not handling an AppendEntries.`,
  'append-current-term': ({ node, index, entryTerm, term, before }) =>
    `Node ${node} is in term ${term} and took, at ${index}, what is of term ${entryTerm} (its log ended in term ${before}).`,
  'append-consistency': ({ node, index, logTerm, found }) =>
    `Node ${node} took entries that follow ${index} of term ${logTerm}; there its log has ${none(found)}.`,
  'append-entries-of-message': ({ node, first, last, term, from, to }) =>
    `Node ${node} added the entries ${first}–${last} of term ${term}; the message that it was handling carried ${from}–${to}, and not these.`,
  'append-no-hole': ({ node, index, last }) => `Node ${node} added entry ${index} to a log that ended at ${last}.`,
  'truncate-on-conflict': ({ node, index, own, from, to }) =>
    `Node ${node} removed its entries from ${index} (term ${own}) on; the message’s entries ${from}–${to} have no other one there.`,
  'truncate-committed': ({ node, index, commitIndex }) =>
    `Node ${node} removed its entries from ${index} on; up to ${commitIndex} they are committed.`,
  'append-answer': ({ node, holds, term }) =>
    holds === 1
      ? `Node ${node} refused an AppendEntries of term ${term} that follows what its log has.`
      : `Node ${node} accepted an AppendEntries of term ${term} that it had to refuse: an earlier term, or nothing like it in its log.`,
  'learn-leader-commit': ({ node, index, leaderCommit }) =>
    `Node ${node} took ${index} for committed; its leader said ${leaderCommit}.`,
  'learn-verified': ({ node, index, verified }) =>
    `Node ${node} took ${index} for committed; only up to ${verified} its log is known to be its leader’s.`,
  'match-index-grows': ({ node, peer, before, index }) =>
    `Node ${node}’s matchIndex of node ${peer} went back from ${before} to ${index}.`,
  'match-index-said': ({ node, peer, index, said }) =>
    `Node ${node} has matchIndex ${index} for node ${peer}, which said ${said} in this term.`,
  'commit-by-leader': ({ node, index, role }) =>
    `Node ${node} counted ${index} as committed as a ${role}; only a leader counts.`,
  'commit-grows': ({ node, before, index }) => `The commitIndex of node ${node} went back from ${before} to ${index}.`,
  'commit-in-log': ({ node, index, last }) => `Node ${node} took ${index} for committed; its log ends at ${last}.`,
  'commit-own-term': ({ node, index, entryTerm, term }) =>
    `Node ${node} leads term ${term} and counted entry ${index} of term ${entryTerm}: copies of an older entry prove nothing.`,
  'commit-majority': ({ node, index, of, by }) =>
    `Node ${node} counted entry ${index} as committed; of the voters ${of} only ${nobody(by)} had said to have it (itself: on its disk).`,
  'apply-committed': ({ node, index, commitIndex }) =>
    `Node ${node} applied up to ${index}; only up to ${commitIndex} it knows entries to be committed.`,
  'apply-grows': ({ node, before, index }) => `What node ${node} had applied went back from ${before} to ${index}.`,
  'persist-in-log': ({ node, index, last }) =>
    `Node ${node} says that its disk has the log up to ${index}; the log ends at ${last}.`,
  'persist-hard-state': ({ node, term, currentTerm, before }) =>
    `Node ${node} says that its disk has a term or vote that it never had (term ${term}, while its term is ${currentTerm} and the disk had ${before}).`,
  'snapshot-committed': ({ node, index, commitIndex }) =>
    `Node ${node} took a snapshot of ${index}; only up to ${commitIndex} entries are committed.`,
  'snapshot-term': ({ node, index, term, found }) =>
    `Node ${node} says that entry ${index}, which a snapshot replaces, is of term ${term}; its log has ${none(found)}.`,
  'compact-covered': ({ node, index, snapshot }) =>
    `Node ${node} let its entries up to ${index} go; its snapshot covers them up to ${snapshot}.`,
  'install-not-leader': ({ node, index, term }) =>
    `Node ${node} installed a snapshot of ${index} while it led term ${term}.`,
  'install-newer': ({ node, index, commitIndex }) =>
    `Node ${node} installed a snapshot of ${index}, and knew entries up to ${commitIndex} to be committed.`,
  'install-sent': ({ node, index, term }) =>
    `Node ${node} installed a snapshot of ${index} (term ${term}), which it received from nobody.`,
  'install-keeps-log': ({ node, index, term, found, kept }) =>
    `Node ${node} installed a snapshot of ${index} (term ${term}) and ${kept === 1 ? 'kept' : 'dropped'} the log behind it, which had ${none(found)} there.`,
  'change-in-log': ({ node, index, last }) =>
    `Node ${node} goes by a configuration at ${index}; its log ends at ${last}.`,
  'change-one-at-a-time': ({ node, index, before, commitIndex }) =>
    `Node ${node} added a configuration at ${index} while the one at ${before} was not committed (commitIndex ${commitIndex}).`,
  'change-after-own-commit': ({ node, index, term, commitIndex }) =>
    `Node ${node} added a configuration at ${index} before it had committed anything in its term ${term} (commitIndex ${commitIndex}).`,
  'change-majorities-meet': ({ node, index, old, new: next }) =>
    `Node ${node} went from the configuration ${old} to ${next} at ${index}: they have majorities that do not meet.`,
  'send-term': ({ node, message, term, currentTerm }) =>
    `Node ${node} sent ${message} of term ${term}; its own term is ${currentTerm}.`,
  'send-as-leader': ({ node, message, term }) => `Node ${node} sent ${message} of term ${term}, which it has not led.`,
  'request-vote-as-candidate': ({ node, term }) =>
    `Node ${node} asked for votes in term ${term}, in which it has not voted for itself.`,
  'request-vote-own-log': ({ node, index, logTerm, last, lastTerm }) =>
    `Node ${node} asked for votes as if its log ended at ${index} of term ${logTerm}; it ends at ${last} of term ${lastTerm}.`,
  'request-vote-durable': ({ node, term, durable }) =>
    `Node ${node} asked for votes in term ${term} before its own was on its disk, which had term ${durable}.`,
  'vote-reply-given': ({ node, term, peer, votedFor }) =>
    `Node ${node} told node ${peer} that it has its vote of term ${term}; ${votedFor === 0 ? 'it gave none' : `node ${votedFor} has it`}.`,
  'vote-reply-durable': ({ node, term, peer }) =>
    `Node ${node} told node ${peer} that it has its vote of term ${term} before that was on its disk.`,
  'append-prev-in-log': ({ node, index, logTerm, found }) =>
    `Node ${node} sent entries that follow ${index} of term ${logTerm}; its own log has ${none(found)} there.`,
  'append-entries-in-log': ({ node, to, last }) =>
    `Node ${node} sent entries up to ${to}; its own log ends at ${last}.`,
  'append-leader-commit': ({ node, leaderCommit, commitIndex }) =>
    `Node ${node} sent leaderCommit ${leaderCommit}; its commitIndex is ${commitIndex}.`,
  'append-reply-durable': ({ node, index, durable }) =>
    `Node ${node} told its leader that it has the log up to ${index}; on its disk it had it up to ${durable}.`,
  'append-reply-verified': ({ node, index, verified }) =>
    `Node ${node} told its leader that it has its log up to ${index}; what it answered reached up to ${verified}.`,
  'install-committed': ({ node, index, commitIndex }) =>
    `Node ${node} sent a snapshot of ${index}; it knows entries up to ${commitIndex} to be committed.`,
  'install-reply-durable': ({ node, index, durable }) =>
    `Node ${node} told its leader that a snapshot of ${index} is installed; its disk had the log up to ${durable}.`,
}
