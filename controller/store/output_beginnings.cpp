#include "controller/store/output_beginnings.hpp"

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/messages/frame.hpp"

namespace runbook::store {
namespace {

constexpr std::size_t kAtOnce = 16;  // attempts: bounds what one result holds

constexpr auto kChunks =
    "SELECT c.attempt_id, c.stream, c.start_offset, c.attempt_offset, c.data FROM output_chunk c "
    "WHERE c.attempt_id = ANY($1::uuid[]) AND (c.start_offset <= $2 OR c.attempt_offset < $2) "
    "ORDER BY c.attempt_id, c.attempt_offset";

// What of `data`, which begins at `offset`, lies before kBytes.
std::string_view kept(std::uint64_t offset, std::string_view data) {
  if (offset >= OutputBeginnings::kBytes) return {};
  return data.substr(0, OutputBeginnings::kBytes - offset);
}

void add(OutputBeginning& beginning, const pqxx::row& row) {
  const auto data = db::bytes(row["data"]);
  const auto offset = static_cast<std::uint64_t>(db::integer(row["start_offset"]));
  const auto merged = static_cast<std::uint64_t>(db::integer(row["attempt_offset"]));
  const auto part = kept(offset, data);
  beginning.both += kept(merged, data);
  if (db::integer(row["stream"]) == static_cast<int>(Stream::kStderr)) {
    beginning.standard_error += part;
    return;
  }
  beginning.standard_output += part;
  if (part.size() < data.size()) beginning.stdout_cut = true;
}

}  // namespace

boost::asio::awaitable<std::unordered_map<Uuid, OutputBeginning>> OutputBeginnings::read(
    std::vector<Uuid> attempts) {
  auto query = [attempts = std::move(attempts)](pqxx::work& work) {
    std::unordered_map<Uuid, OutputBeginning> found;
    for (auto begin = attempts.begin(); begin != attempts.end();) {
      const auto end = begin + std::min<std::ptrdiff_t>(kAtOnce, attempts.end() - begin);
      const std::vector<Uuid> some(begin, end);
      for (const auto& row : db::exec(work, kChunks, some, OutputBeginnings::kBytes)) {
        add(found[db::uuid(row["attempt_id"])], row);
      }
      begin = end;
    }
    return found;
  };
  co_return co_await database_.transact("output_beginnings", std::move(query));
}

}  // namespace runbook::store
