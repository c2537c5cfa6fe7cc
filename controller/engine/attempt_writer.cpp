#include "controller/engine/attempt_writer.hpp"

#include <algorithm>

#include "controller/store/outage.hpp"
#include "protocol/runtime/logging.hpp"

namespace runbook::engine {
namespace {

constexpr std::size_t kBatchBytes = 4 * 1024 * 1024;
constexpr std::size_t kBatchAttempts = 5'000;
constexpr std::size_t kWaitingBytes = 64 * 1024 * 1024;  // beyond it sessions stop reading
constexpr std::chrono::milliseconds kAfterOutage{500};
constexpr std::size_t kBothStreams = 2;

store::AttemptUpdate update_of(const OpenAttempt& attempt) {
  store::AttemptUpdate update;
  update.id = attempt.id;
  update.execution = attempt.execution;
  update.step = attempt.step;
  update.was = attempt.status;
  update.status = attempt.status;
  for (std::size_t i = 0; i < kBothStreams; ++i) {
    update.ends[i] = attempt.streams[i].stored;
    if (attempt.streams[i].digest_known) update.digests[i] = attempt.streams[i].digest;
  }
  return update;
}

void add_news(store::AttemptUpdate& update, const AttemptNews& news, AttemptStatus status) {
  update.status = status;
  update.reason = news.reason;
  if (status == AttemptStatus::kRunning) {
    update.start_time = news.at;
    return;
  }
  update.end_time = news.at;
  update.lost = news.lost;
  update.exit_code = news.exit_code;
  update.signal = news.signal;
  update.leftovers = news.leftovers;
  update.has_totals = news.has_totals;
  update.totals = news.totals;
  update.expected = news.digests;
}

bool is_missing_output(const OpenAttempt& attempt, const AttemptNews& news) {
  return attempt.streams[0].accepted < news.totals[0] || attempt.streams[1].accepted < news.totals[1];
}

}  // namespace

std::size_t AttemptWriter::Draft::place(const std::shared_ptr<OpenAttempt>& attempt) {
  const auto [found, added] = places.try_emplace(attempt->id, attempts.size());
  if (added) {
    attempts.push_back(attempt);
    news.push_back(0);
    piece_counts.push_back(0);
    batch->attempts.push_back(update_of(*attempt));
  }
  return found->second;
}

bool AttemptWriter::Draft::changes_state(std::size_t place) const {
  return batch->attempts[place].was != batch->attempts[place].status;
}

AttemptWriter::AttemptWriter(Context& context, std::function<void(Uuid, Uuid)> settle_late,
                             std::function<void(boost::asio::awaitable<void>)> start)
    : context_(context),
      settle_late_(std::move(settle_late)),
      start_(std::move(start)),
      wake_(context.executor),
      room_(context.executor, boost::asio::steady_timer::time_point::max()) {}

void AttemptWriter::output(const std::shared_ptr<OpenAttempt>& attempt, OutputFrame frame) {
  auto& stream = attempt->streams[store::stream_index(frame.stream)];
  if (frame.offset > stream.accepted) {
    return context_.links.drop(attempt->agent, "output is missing before a frame");
  }
  const auto known =
      static_cast<std::size_t>(std::min<std::uint64_t>(stream.accepted - frame.offset, frame.data.size()));
  if (known == frame.data.size()) {
    context_.links.send(attempt->agent, Ack{attempt->id, frame.stream, stream.stored.bytes});
    return;
  }
  frame.data.erase(0, known);
  const auto begin = stream.accepted;
  stream.accepted += frame.data.size();
  waiting_bytes_ += frame.data.size();
  if (attempt->tail && attempt->tail_stream == frame.stream &&
      attempt->tail->size() + frame.data.size() <= store::kChunkBytes) {
    *attempt->tail += frame.data;
  } else {
    attempt->tail = std::make_shared<std::string>(std::move(frame.data));
    attempt->tail_stream = frame.stream;
    pieces_.push_back({attempt, frame.stream, begin, attempt->tail});
    ++attempt->waiting_pieces;
  }
  wake_.notify();
}

void AttemptWriter::report(const std::shared_ptr<OpenAttempt>& attempt, AttemptNews news) {
  const auto same = std::ranges::find(attempt->news, news.event, &AttemptNews::event);
  if (same == attempt->news.end()) attempt->news.push_back(std::move(news));
  list(attempt);
  wake_.notify();
}

void AttemptWriter::list(const std::shared_ptr<OpenAttempt>& attempt) {
  if (attempt->listed) return;
  attempt->listed = true;
  listed_.push_back(attempt);
}

boost::asio::awaitable<void> AttemptWriter::settle() {
  while (waiting_bytes_ > kWaitingBytes) {
    boost::system::error_code ended;
    co_await room_.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ended));
  }
}

boost::asio::awaitable<void> AttemptWriter::run() {
  for (;;) {
    Draft draft = gather();
    if (draft.empty()) {
      co_await wake_.wait();
      continue;
    }
    bool done = co_await store(draft);
    while (!done) done = co_await reconcile(draft);
  }
}

AttemptWriter::Draft AttemptWriter::gather() {
  Draft draft;
  gather_pieces(draft);
  std::vector<std::shared_ptr<OpenAttempt>> listed;
  listed.swap(listed_);
  for (auto& attempt : listed) {
    attempt->listed = false;
    if (draft.attempts.size() < kBatchAttempts) gather_news(draft, attempt);
    if (!attempt->news.empty()) list(attempt);
  }
  note_events(draft);
  draft.batch->refusals = draft.refusals.events();
  draft.batch->by = store::Origin(context_.trail);
  return draft;
}

void AttemptWriter::gather_pieces(Draft& draft) {
  std::size_t bytes = 0;
  while (!pieces_.empty() && bytes < kBatchBytes && draft.attempts.size() < kBatchAttempts) {
    auto& piece = pieces_.front();
    if (piece.attempt->tail == piece.data) piece.attempt->tail.reset();
    bytes += piece.data->size();
    const auto place = draft.place(piece.attempt);
    ++draft.piece_counts[place];
    draft.batch->pieces.push_back({place, piece.stream, piece.offset, piece.data});
    draft.pieces.push_back(std::move(piece));
    pieces_.pop_front();
  }
}

// News that are allowed in the present state and whose output is stored with them or before. When it is known
// that nothing more can come, a result whose output is missing is given up for that.
void AttemptWriter::gather_news(Draft& draft, const std::shared_ptr<OpenAttempt>& attempt) {
  auto status = attempt->status;
  std::size_t used = 0;
  const bool lost =
      std::ranges::find(attempt->news, AttemptEvent::kLost, &AttemptNews::event) != attempt->news.end();
  for (const auto& news : attempt->news) {
    const auto following = next(status, news.event);
    const bool given_up = lost && news.has_totals && is_missing_output(*attempt, news);
    if (following && news.has_totals && !given_up && !output_is_there(draft, attempt, news)) break;
    ++used;
    if (!following || given_up) continue;
    status = *following;
    if (!news.refused.empty()) draft.refusals.add(*attempt, news.refused, news.reason);
    add_news(draft.batch->attempts[draft.place(attempt)], news, status);
  }
  if (status != attempt->status) {
    draft.news[draft.place(attempt)] = used;
    return;
  }
  attempt->news.erase(attempt->news.begin(), attempt->news.begin() + static_cast<std::ptrdiff_t>(used));
  if (is_settled(status)) {  // settled elsewhere
    context_.links.send(attempt->agent, Close{attempt->id});
    context_.open.close(attempt->id);
  }
}

bool AttemptWriter::output_is_there(const Draft& draft, const std::shared_ptr<OpenAttempt>& attempt,
                                    const AttemptNews& news) {
  const auto place = draft.places.find(attempt->id);
  const auto in_batch = place == draft.places.end() ? 0 : draft.piece_counts[place->second];
  bool known = true;
  for (std::size_t i = 0; i < kBothStreams; ++i) {
    const auto& stream = attempt->streams[i];
    if (stream.accepted < news.totals[i]) {
      if (!attempt->resume_asked) {
        attempt->resume_asked = true;
        context_.links.drop(attempt->agent, "output is missing before a result");
      }
      return false;
    }
    known = known && stream.digest_known;
  }
  if (attempt->waiting_pieces > in_batch) return false;
  if (known) return true;
  if (in_batch == 0 && !attempt->verifying) {
    attempt->verifying = true;
    start_(verify(attempt));
  }
  return false;
}

// Computes digests that were lost with the memory of an earlier controller. All output is stored by now.
boost::asio::awaitable<void> AttemptWriter::verify(std::shared_ptr<OpenAttempt> attempt) {
  try {
    for (std::size_t i = 0; i < kBothStreams; ++i) {
      if (attempt->streams[i].digest_known) continue;
      const Stream stream = i == 0 ? Stream::kStdout : Stream::kStderr;
      attempt->streams[i].digest = co_await context_.output.digest(attempt->id, stream);
      attempt->streams[i].digest_known = true;
    }
  } catch (const std::exception& error) {
    if (!store::is_outage(error)) throw;  // an outage: asked again with the next batch
  }
  attempt->verifying = false;
  wake_.notify();
}

void AttemptWriter::note_events(Draft& draft) const {
  std::map<Uuid, std::vector<bool>> steps;  // of each run: which of its steps changed
  for (std::size_t i = 0; i < draft.attempts.size(); ++i) {
    if (!draft.changes_state(i)) continue;
    const auto& update = draft.batch->attempts[i];
    auto& events = draft.events[update.execution];
    const auto run = context_.runs.find(update.execution);
    const auto place = run == context_.runs.end() ? std::nullopt : run->second->place(update.id);
    if (!place) {
      events.loose.push_back(i);
      continue;
    }
    events.refs.push_back({EventRef::Kind::kHost, *place});
    auto& changed = steps[update.execution];
    if (changed.size() <= place->step) changed.resize(place->step + 1);
    changed[place->step] = true;
  }
  for (const auto& [execution, changed] : steps) {
    auto& events = draft.events[execution];
    for (std::size_t step = 0; step < changed.size(); ++step) {
      if (changed[step]) events.refs.push_back({EventRef::Kind::kStep, {step, 0}});
    }
    if (context_.runs.at(execution)->stop_requested())
      events.refs.push_back({EventRef::Kind::kExecution, {}});
  }
  for (const auto& [execution, events] : draft.events) {
    draft.batch->events[execution] = static_cast<std::int64_t>(events.refs.size() + events.loose.size());
  }
}

// False: it is not known whether the batch was stored; reconcile() finds out.
boost::asio::awaitable<bool> AttemptWriter::store(Draft& draft) {
  try {
    const auto stored = co_await context_.output.store(draft.batch);
    if (!stored) co_return false;
    committed(draft, *stored);
    co_return true;
  } catch (const std::exception& error) {
    if (!store::is_outage(error))
      runtime::log_error({}, fmt::format("storing output failed: {}", error.what()));
  }
  co_await boost::asio::steady_timer(context_.executor, kAfterOutage).async_wait(boost::asio::use_awaitable);
  co_return false;
}

// Compares what is stored with what was meant to be. False: the database did not answer; try again.
boost::asio::awaitable<bool> AttemptWriter::reconcile(Draft& draft) {
  std::vector<Uuid> ids;
  ids.reserve(draft.attempts.size());
  for (const auto& attempt : draft.attempts) ids.push_back(attempt->id);
  try {
    const auto rows = co_await context_.attempts.by_id(std::move(ids));
    const auto meant = store::measure(*draft.batch);
    const auto as_meant = [&](const store::StoredAttempt& row) {
      const auto place = draft.places.at(row.id);
      const auto& ends = meant.attempts[place].ends;
      return row.status == draft.batch->attempts[place].status && row.standard_output == ends[0] &&
             row.standard_error == ends[1];
    };
    if (rows.size() == draft.attempts.size() && std::ranges::all_of(rows, as_meant)) {
      committed(draft, meant);
    } else {
      give_back(draft, rows);
    }
    co_return true;
  } catch (const boost::system::system_error&) {
    throw;  // cancelled
  } catch (
      const std::exception& error) {  // the writer goes on whatever happened: all results pass through it
    if (!store::is_outage(error))
      runtime::log_error({}, fmt::format("results are stored later: {}", error.what()));
  }
  co_await boost::asio::steady_timer(context_.executor, kAfterOutage).async_wait(boost::asio::use_awaitable);
  co_return false;
}

// The batch was not stored. Attempts that are as they were keep their output for the next batch; of others it
// is dropped and their agents resume from what is stored.
void AttemptWriter::give_back(Draft& draft, const std::vector<store::StoredAttempt>& rows) {
  std::unordered_map<Uuid, const store::StoredAttempt*> stored;
  for (const auto& row : rows) stored.emplace(row.id, &row);
  std::unordered_map<Uuid, bool> keep;
  for (auto& attempt : draft.attempts) {
    const auto row = stored.find(attempt->id);
    const bool same = row != stored.end() && row->second->standard_output == attempt->streams[0].stored &&
                      row->second->standard_error == attempt->streams[1].stored;
    keep[attempt->id] = same;
    if (row == stored.end()) {
      attempt->news.clear();
      continue;
    }
    attempt->status = row->second->status;
    list(attempt);
    if (same) continue;
    const OpenAttempt fresh(*row->second);
    attempt->streams = fresh.streams;
    attempt->waiting_pieces = 0;
    attempt->tail.reset();
    std::erase_if(pieces_, [&](const Piece& piece) {
      if (piece.attempt != attempt) return false;
      waiting_bytes_ -= piece.data->size();
      return true;
    });
    context_.links.drop(attempt->agent, "its output was stored by another controller");
  }
  for (auto piece = draft.pieces.rbegin(); piece != draft.pieces.rend(); ++piece) {
    if (keep[piece->attempt->id])
      pieces_.push_front(std::move(*piece));
    else
      waiting_bytes_ -= piece->data->size();
  }
  for (const auto& [execution, events] : draft.events) {
    if (const auto run = context_.runs.find(execution); run != context_.runs.end()) run->second->reload();
  }
}

}  // namespace runbook::engine
