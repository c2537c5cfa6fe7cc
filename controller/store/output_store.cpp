#include "controller/store/output_store.hpp"

#include <algorithm>

#include "controller/store/audit_rows.hpp"
#include "controller/store/stored_text.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

constexpr auto kEvents =
    "UPDATE execution e SET seq = e.seq + v.n FROM unnest($1::uuid[], $2::bigint[]) AS v(id, n) WHERE e.id = "
    "v.id "
    "RETURNING e.id, e.seq";

constexpr auto kSteps =
    "UPDATE execution_step s SET output_bytes = s.output_bytes + v.n, stdout_begun = s.stdout_begun + v.out, "
    "stderr_begun = s.stderr_begun + v.err "
    "FROM unnest($1::uuid[], $2::bigint[], $3::bigint[], $4::bigint[]) AS v(id, n, out, err) "
    "WHERE s.id = v.id RETURNING s.id, s.output_bytes, s.stdout_begun, s.stderr_begun";

constexpr auto kAttempts =
    "UPDATE attempt a SET status = v.status, stdout_bytes = v.out_bytes, stdout_lines = v.out_lines, "
    "stderr_bytes = v.err_bytes, stderr_lines = v.err_lines, "
    "exit_code = COALESCE(NULLIF(v.exit_code, '')::integer, a.exit_code), "
    "signal = COALESCE(NULLIF(v.signal, '')::integer, a.signal), "
    "reason = CASE WHEN v.status = v.was THEN a.reason ELSE NULLIF(v.reason, '') END, "
    "start_time = COALESCE(NULLIF(v.started, '')::timestamptz, a.start_time), "
    "end_time = COALESCE(NULLIF(v.ended, '')::timestamptz, a.end_time), "
    "output_complete = a.output_complete OR v.complete = 1, leftovers = GREATEST(a.leftovers, v.leftovers), "
    "lost = v.lost = 1, stdout_open = v.out_open = 1, stderr_open = v.err_open = 1 "
    "FROM unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], "
    "$8::bigint[], $9::bigint[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], "
    "$15::bigint[], $16::bigint[], $17::bigint[], $18::bigint[], $19::bigint[]) "
    "AS v(id, was, status, out_was, err_was, out_bytes, out_lines, err_bytes, err_lines, exit_code, signal, "
    "reason, started, ended, complete, leftovers, lost, out_open, err_open) "
    "WHERE a.id = v.id AND a.status = v.was AND a.stdout_bytes = v.out_was AND a.stderr_bytes = v.err_was";

// The data of all pieces travels as one binary parameter and is cut up here.
constexpr auto kChunks =
    "INSERT INTO output_chunk (attempt_id, stream, start_offset, data, first_line, step_id, attempt_offset, "
    "step_offset, attempt_stdout_begun, attempt_stderr_begun, step_stdout_begun, step_stderr_begun) "
    "SELECT v.attempt, v.stream, v.start_offset, substring($1::bytea FROM v.place::integer FOR "
    "v.size::integer), "
    "v.first_line, v.step, v.attempt_offset, v.step_offset, v.attempt_out, v.attempt_err, v.step_out, "
    "v.step_err "
    "FROM unnest($2::uuid[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], "
    "$8::uuid[], "
    "$9::bigint[], $10::bigint[], $11::bigint[], $12::bigint[], $13::bigint[], $14::bigint[]) "
    "AS v(attempt, stream, start_offset, place, size, first_line, step, attempt_offset, step_offset, "
    "attempt_out, "
    "attempt_err, step_out, step_err)";

constexpr auto kDigestPage =
    "SELECT start_offset, data FROM output_chunk WHERE attempt_id = $1 AND stream = $2 AND start_offset >= "
    "$3 "
    "ORDER BY start_offset LIMIT 16";

std::uint64_t count(const pqxx::field& field) { return static_cast<std::uint64_t>(db::integer(field)); }

std::string spelled(const std::optional<int>& number) {
  return number ? std::to_string(*number) : std::string{};
}
std::string spelled(const std::optional<Time>& time) { return time ? rfc3339(*time) : std::string{}; }

void take_numbers(pqxx::work& work, const Batch& batch, Stored& stored) {
  if (batch.events.empty()) return;
  std::vector<Uuid> ids;
  std::vector<std::int64_t> counts;
  for (const auto& [execution, count] : batch.events) {
    ids.push_back(execution);
    counts.push_back(count);
  }
  for (const auto& row : db::exec(work, kEvents, ids, counts)) {
    stored.seqs.emplace(db::uuid(row["id"]), db::integer(row["seq"]));
  }
}

// How far a step's merged view goes.
struct StepEnd {
  std::uint64_t bytes = 0;
  std::array<std::uint64_t, 2> begun = {};  // lines
};

// Where each step's merged view goes on.
std::map<Uuid, StepEnd> extend_steps(pqxx::work& work, const Batch& batch, Stored& stored) {
  std::map<Uuid, StepEnd> added;
  for (std::size_t i = 0; i < batch.pieces.size(); ++i) {
    auto& step = added[batch.attempts[batch.pieces[i].attempt].step];
    step.bytes += batch.pieces[i].data->size();
    step.begun[stream_index(batch.pieces[i].stream)] += stored.begins[i].lines;
  }
  if (added.empty()) return added;
  std::vector<Uuid> ids;
  std::vector<std::int64_t> bytes, out, err;
  for (const auto& [step, more] : added) {
    ids.push_back(step);
    bytes.push_back(static_cast<std::int64_t>(more.bytes));
    out.push_back(static_cast<std::int64_t>(more.begun[0]));
    err.push_back(static_cast<std::int64_t>(more.begun[1]));
  }
  std::map<Uuid, StepEnd> begins;
  for (const auto& row : db::exec(work, kSteps, ids, bytes, out, err)) {
    const auto step = db::uuid(row["id"]);
    const auto& more = added.at(step);
    const auto end = count(row["output_bytes"]);
    stored.step_bytes.emplace(step, end);
    begins[step] = {end - more.bytes,
                    {count(row["stdout_begun"]) - more.begun[0], count(row["stderr_begun"]) - more.begun[1]}};
  }
  return begins;
}

bool update_attempts(pqxx::work& work, const Batch& batch, const Stored& stored) {
  std::vector<Uuid> ids;
  std::vector<std::string> was, status, exit_code, signal, reason, started, ended;
  std::vector<std::int64_t> out_was, err_was, out_bytes, out_lines, err_bytes, err_lines, complete, leftovers,
      lost, out_open, err_open;
  for (std::size_t i = 0; i < batch.attempts.size(); ++i) {
    const auto& attempt = batch.attempts[i];
    const auto& ends = stored.attempts[i].ends;
    ids.push_back(attempt.id);
    was.emplace_back(to_string(attempt.was));
    status.emplace_back(to_string(attempt.status));
    out_was.push_back(static_cast<std::int64_t>(attempt.ends[0].bytes));
    err_was.push_back(static_cast<std::int64_t>(attempt.ends[1].bytes));
    out_bytes.push_back(static_cast<std::int64_t>(ends[0].bytes));
    out_lines.push_back(static_cast<std::int64_t>(ends[0].lines));
    err_bytes.push_back(static_cast<std::int64_t>(ends[1].bytes));
    err_lines.push_back(static_cast<std::int64_t>(ends[1].lines));
    exit_code.push_back(spelled(attempt.exit_code));
    signal.push_back(spelled(attempt.signal));
    reason.push_back(stored_text(attempt.reason));
    started.push_back(spelled(attempt.start_time));
    ended.push_back(spelled(attempt.end_time));
    complete.push_back(stored.attempts[i].output_complete ? 1 : 0);
    leftovers.push_back(attempt.leftovers);
    lost.push_back(attempt.lost ? 1 : 0);
    out_open.push_back(ends[0].open ? 1 : 0);
    err_open.push_back(ends[1].open ? 1 : 0);
  }
  const auto done = db::exec(work, kAttempts, ids, was, status, out_was, err_was, out_bytes, out_lines,
                             err_bytes, err_lines, exit_code, signal, reason, started, ended, complete,
                             leftovers, lost, out_open, err_open);
  return static_cast<std::size_t>(done.affected_rows()) == batch.attempts.size();
}

void insert_chunks(pqxx::work& work, const Batch& batch, const Stored& stored,
                   std::map<Uuid, StepEnd> step_ends) {
  if (batch.pieces.empty()) return;
  std::string blob;
  std::size_t total = 0;
  for (const auto& piece : batch.pieces) total += piece.data->size();
  blob.reserve(total);
  std::vector<std::uint64_t> attempt_ends;
  attempt_ends.reserve(batch.attempts.size());
  for (const auto& attempt : batch.attempts)
    attempt_ends.push_back(attempt.ends[0].bytes + attempt.ends[1].bytes);
  std::vector<Uuid> attempts, steps;
  std::vector<std::int64_t> streams, offsets, places, sizes, lines, attempt_offsets, step_offsets;
  std::array<std::vector<std::int64_t>, 2> attempt_begun, step_begun;
  for (std::size_t i = 0; i < batch.pieces.size(); ++i) {
    const auto& piece = batch.pieces[i];
    const auto& attempt = batch.attempts[piece.attempt];
    const auto& begin = stored.begins[i];
    const auto size = piece.data->size();
    auto& step = step_ends.at(attempt.step);
    attempts.push_back(attempt.id);
    steps.push_back(attempt.step);
    streams.push_back(static_cast<std::int64_t>(piece.stream));
    offsets.push_back(static_cast<std::int64_t>(piece.offset));
    places.push_back(static_cast<std::int64_t>(blob.size() + 1));
    sizes.push_back(static_cast<std::int64_t>(size));
    lines.push_back(static_cast<std::int64_t>(begin.first_line));
    attempt_offsets.push_back(static_cast<std::int64_t>(attempt_ends[piece.attempt]));
    step_offsets.push_back(static_cast<std::int64_t>(step.bytes));
    for (std::size_t stream = 0; stream < 2; ++stream) {
      attempt_begun[stream].push_back(static_cast<std::int64_t>(begin.attempt_begun[stream]));
      step_begun[stream].push_back(static_cast<std::int64_t>(step.begun[stream]));
    }
    attempt_ends[piece.attempt] += size;
    step.bytes += size;
    step.begun[stream_index(piece.stream)] += begin.lines;
    blob += *piece.data;
  }
  db::exec(work, kChunks, db::Bytes{blob}, attempts, streams, offsets, places, sizes, lines, steps,
           attempt_offsets, step_offsets, attempt_begun[0], attempt_begun[1], step_begun[0], step_begun[1]);
}

// Executions, then steps, then attempts: the order in which every transaction locks them.
Result<Stored> store_batch(pqxx::work& work, const Batch& batch) {
  Stored stored = measure(batch);
  take_numbers(work, batch, stored);
  const auto step_begins = extend_steps(work, batch, stored);
  if (!update_attempts(work, batch, stored)) {
    return failure(ErrorCode::kConflict, "An attempt changed meanwhile.");
  }
  insert_chunks(work, batch, stored, step_begins);
  for (const auto& refusal : batch.refusals) append_audit(work, *batch.by, refusal);
  return stored;
}

}  // namespace

// Computed before the first statement, so that locks are short.
Stored measure(const Batch& batch) {
  Stored stored;
  for (const auto& attempt : batch.attempts) stored.attempts.push_back({attempt.ends, attempt.digests});
  for (const auto& piece : batch.pieces) {
    const auto stream = stream_index(piece.stream);
    auto& attempt = stored.attempts[piece.attempt];
    auto& end = attempt.ends[stream];
    PieceBegin begin{end.lines, !end.open, 0, {attempt.ends[0].begun(), attempt.ends[1].begun()}};
    end.bytes += piece.data->size();
    end.lines += static_cast<std::uint64_t>(std::ranges::count(*piece.data, '\n'));
    end.open = !piece.data->ends_with('\n');
    begin.lines = end.begun() - begin.attempt_begun[stream];
    stored.begins.push_back(begin);
    attempt.digests[stream].add(*piece.data);
  }
  for (std::size_t i = 0; i < batch.attempts.size(); ++i) {
    const auto& update = batch.attempts[i];
    auto& attempt = stored.attempts[i];
    if (!update.has_totals) continue;
    attempt.output_complete = true;
    for (std::size_t stream = 0; stream < 2; ++stream) {
      if (attempt.ends[stream].bytes != update.totals[stream]) attempt.output_complete = false;
      if (attempt.digests[stream].hex() != update.expected[stream]) attempt.output_complete = false;
    }
  }
  return stored;
}

OutputStore::OutputStore(db::Database& database) : database_(database) {}

boost::asio::awaitable<Result<Stored>> OutputStore::store(std::shared_ptr<const Batch> batch) {
  auto query = [batch = std::move(batch)](pqxx::work& work) { return store_batch(work, *batch); };
  co_return co_await database_.transact("output_store", std::move(query));
}

boost::asio::awaitable<OutputDigest> OutputStore::digest(Uuid attempt, Stream stream) {
  auto query = [attempt, stream](pqxx::work& work) {
    OutputDigest digest;
    std::uint64_t offset = 0;
    for (;;) {
      const auto rows = db::exec(work, kDigestPage, attempt, static_cast<int>(stream), offset);
      if (rows.empty()) return digest;
      for (const auto& row : rows) {
        const auto data = db::bytes(row["data"]);
        digest.add(data);
        offset = static_cast<std::uint64_t>(db::integer(row["start_offset"])) + data.size();
      }
    }
  };
  co_return co_await database_.transact("output_digest", std::move(query));
}

}  // namespace runbook::store
