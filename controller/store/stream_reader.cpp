#include "controller/store/stream_reader.hpp"

#include <algorithm>

#include "controller/store/output_store.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"

namespace runbook::store {
namespace {

using boost::asio::awaitable;

constexpr auto kOutputs =
    "SELECT a.id, a.step_id, a.agent_id, a.host, a.stdout_bytes, a.stderr_bytes FROM execution_step s "
    "JOIN attempt a ON a.step_id = s.id JOIN execution e ON e.id = s.job_id WHERE s.job_id = $1 "
    "AND reaches_execution($4, e.runbook_id, e.id) AND a.stdout_bytes + a.stderr_bytes > 0 "
    "AND ($2::uuid IS NULL OR s.id = $2) AND ($3::uuid IS NULL OR a.agent_id = $3) "
    "ORDER BY s.\"order\", s.attempt, a.host_index, a.number";

constexpr auto kChunks =
    "SELECT start_offset, first_line, "
    "first_line = CASE stream WHEN 1 THEN attempt_stdout_begun ELSE attempt_stderr_begun END AS begins_line, "
    "data FROM output_chunk WHERE EXISTS (SELECT FROM attempt a JOIN execution e ON e.id = a.job_id "
    "WHERE a.id = $1 AND reaches_execution($6, e.runbook_id, e.id)) AND attempt_id = $1 AND stream = $2 "
    "AND start_offset > $3::bigint - $5::bigint AND start_offset < $3::bigint + $4::bigint "
    "AND start_offset + octet_length(data) > $3::bigint ORDER BY start_offset";

std::uint64_t count(const pqxx::field& field) { return static_cast<std::uint64_t>(db::integer(field)); }

StreamPiece read_piece(pqxx::work& work, const Uuid& attempt, Stream stream, std::uint64_t offset,
                       std::size_t limit, const boost::json::value& reach) {
  StreamPiece piece;
  for (const auto& row :
       db::exec(work, kChunks, attempt, static_cast<int>(stream), offset, limit, kChunkBytes, reach)) {
    auto data = db::bytes(row["data"]);
    if (piece.data.empty()) {
      const auto skipped = static_cast<std::ptrdiff_t>(offset - count(row["start_offset"]));
      const auto newlines = std::count(data.begin(), data.begin() + skipped, '\n');
      piece.begins_line = skipped == 0 ? db::boolean(row["begins_line"])
                                       : data[static_cast<std::size_t>(skipped) - 1] == '\n';
      piece.first_line = count(row["first_line"]) + static_cast<std::uint64_t>(newlines);
      data.erase(0, static_cast<std::size_t>(skipped));
    }
    piece.data += data;
  }
  if (piece.data.size() > limit) piece.data.resize(limit);
  return piece;
}

}  // namespace

awaitable<std::vector<AttemptOutput>> StreamReader::outputs(Uuid execution, std::optional<Uuid> step,
                                                            std::optional<Uuid> agent, domain::Reach reach) {
  auto query = [execution, step, agent, reach = reach.to_json()](pqxx::work& work) {
    std::vector<AttemptOutput> outputs;
    for (const auto& row : db::exec(work, kOutputs, execution, step, agent, reach)) {
      outputs.push_back({db::uuid(row["id"]),
                         db::uuid(row["step_id"]),
                         db::uuid(row["agent_id"]),
                         db::text(row["host"]),
                         {count(row["stdout_bytes"]), count(row["stderr_bytes"])}});
    }
    return outputs;
  };
  co_return co_await database_.transact("stream_outputs", std::move(query));
}

awaitable<StreamPiece> StreamReader::read(Uuid attempt, Stream stream, std::uint64_t offset,
                                          std::size_t limit, domain::Reach reach) {
  auto query = [attempt, stream, offset, limit, reach = reach.to_json()](pqxx::work& work) {
    return read_piece(work, attempt, stream, offset, limit, reach);
  };
  co_return co_await database_.transact("stream_read", std::move(query));
}

}  // namespace runbook::store
