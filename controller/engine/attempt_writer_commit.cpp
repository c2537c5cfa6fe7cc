// What the writer does after a commit: memory first, then viewers, agents and runs.
#include <set>

#include "controller/engine/attempt_writer.hpp"
#include "controller/engine/event_data.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::engine {
namespace {

// The attempt as an event shows it, when no run in memory knows it.
domain::AttemptState shown(const OpenAttempt& attempt, const store::AttemptUpdate& update,
                           const store::Stored::Attempt& stored) {
  domain::AttemptState state;
  state.id = attempt.id;
  state.agent = attempt.agent;
  state.host = attempt.host;
  state.status = update.status;
  state.lost = update.lost;
  state.exit_code = update.exit_code;
  state.signal = update.signal;
  state.reason = update.reason;
  state.output_bytes = stored.ends[0].bytes + stored.ends[1].bytes;
  state.start_time = update.start_time;
  state.end_time = update.end_time;
  return state;
}

void warn_about(const OpenAttempt& attempt, const store::AttemptUpdate& update,
                const store::Stored::Attempt& stored) {
  const runtime::LogIds ids{.execution = attempt.execution.str(),
                            .step = attempt.step.str(),
                            .attempt = attempt.id.str(),
                            .agent = attempt.agent.str()};
  if (update.has_totals && !stored.output_complete) {
    runtime::log_error(ids, "the stored output is not what the agent says it sent");
  }
  if (update.leftovers > 0) {
    runtime::log_warning(ids, fmt::format("{} processes of the command are still alive", update.leftovers));
  }
}

}  // namespace

void AttemptWriter::committed(Draft& draft, const store::Stored& stored) {
  show_output(draft, stored);
  apply(draft, stored);
  publish(draft, stored);
  answer(draft);
  for (const auto& [execution, events] : draft.events) {
    if (const auto run = context_.runs.find(execution); run != context_.runs.end()) run->second->wake();
  }
  room_.cancel();
}

void AttemptWriter::show_output(const Draft& draft, const store::Stored& stored) {
  std::size_t bytes = 0;
  for (std::size_t i = 0; i < draft.pieces.size(); ++i) {
    const auto& piece = draft.pieces[i];
    const auto& attempt = *piece.attempt;
    bytes += piece.data->size();
    context_.observer.output({.execution = attempt.execution,
                              .step = attempt.step,
                              .attempt = attempt.id,
                              .agent = attempt.agent,
                              .host = attempt.host,
                              .stream = piece.stream,
                              .offset = piece.offset,
                              .first_line = stored.begins[i].first_line,
                              .begins_line = stored.begins[i].begins_line,
                              .data = piece.data});
    --piece.attempt->waiting_pieces;
  }
  waiting_bytes_ -= bytes;
  if (bytes > 0) context_.metrics.output_stored(bytes);
}

void AttemptWriter::apply(Draft& draft, const store::Stored& stored) {
  for (std::size_t i = 0; i < draft.attempts.size(); ++i) {
    auto& attempt = *draft.attempts[i];
    const auto& update = draft.batch->attempts[i];
    for (std::size_t stream = 0; stream < 2; ++stream) {
      attempt.streams[stream].stored = stored.attempts[i].ends[stream];
      if (attempt.streams[stream].digest_known)
        attempt.streams[stream].digest = stored.attempts[i].digests[stream];
    }
    attempt.status = update.status;
    attempt.news.erase(attempt.news.begin(),
                       attempt.news.begin() + static_cast<std::ptrdiff_t>(draft.news[i]));
    warn_about(attempt, update, stored.attempts[i]);
    const auto run = context_.runs.find(update.execution);
    if (run != context_.runs.end()) run->second->apply(update, stored.attempts[i]);
    if (draft.changes_state(i) && update.was == AttemptStatus::kUnknown)
      settle_late_(update.execution, update.step);
  }
  for (const auto& piece : draft.pieces) {
    const auto bytes = stored.step_bytes.find(piece.attempt->step);
    const auto run = context_.runs.find(piece.attempt->execution);
    if (bytes == stored.step_bytes.end() || run == context_.runs.end()) continue;
    run->second->step_output(bytes->first, bytes->second);
  }
}

void AttemptWriter::publish(const Draft& draft, const store::Stored& stored) {
  for (const auto& [execution, events] : draft.events) {
    const auto run = context_.runs.find(execution);
    const auto last = stored.seqs.find(execution);
    if (last == stored.seqs.end()) {  // the commit was in doubt: the numbers are not known
      if (run != context_.runs.end()) run->second->reload();
      continue;
    }
    if (run != context_.runs.end()) run->second->publish(events.refs, last->second);
    auto seq = last->second - static_cast<std::int64_t>(events.refs.size() + events.loose.size());
    if (!context_.observer.watched(execution)) continue;
    for (const auto i : events.loose) {
      const auto& update = draft.batch->attempts[i];
      const auto state = shown(*draft.attempts[i], update, stored.attempts[i]);
      context_.observer.changed(execution, ++seq, "host", host_data(update.step, state));
    }
  }
}

// Closes what is settled, acknowledges the rest.
void AttemptWriter::answer(const Draft& draft) {
  std::set<std::pair<Uuid, Stream>> acknowledged;
  for (const auto& piece : draft.pieces) {
    const auto& attempt = *piece.attempt;
    if (is_settled(attempt.status) || !acknowledged.emplace(attempt.id, piece.stream).second) continue;
    const auto& stored = attempt.streams[store::stream_index(piece.stream)].stored;
    context_.links.send(attempt.agent, Ack{attempt.id, piece.stream, stored.bytes});
  }
  for (const auto& attempt : draft.attempts) {
    if (!is_settled(attempt->status)) continue;
    context_.links.send(attempt->agent, Close{attempt->id});
    context_.open.close(attempt->id);
  }
}

}  // namespace runbook::engine
