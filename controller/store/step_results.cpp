#include "controller/store/step_results.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_map>
#include <vector>

#include "controller/store/output_text.hpp"
#include "db/database.hpp"
#include "db/parameters.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/messages/limits.hpp"

namespace runbook::store {
namespace {

namespace json = boost::json;

constexpr auto kSteps =
    "SELECT DISTINCT ON (s.\"order\") s.id, s.slug, s.type, s.status, s.exit_code, s.result "
    "FROM execution_step s WHERE s.job_id = $1 AND s.\"order\" < $2 AND ($3::boolean OR s.slug = "
    "ANY($4::text[])) ORDER BY s.\"order\", s.attempt DESC";

constexpr auto kAttempts =
    "SELECT DISTINCT ON (a.step_id, a.host_index) a.id, a.step_id, a.host, a.status, a.exit_code, "
    "a.stdout_bytes, a.stderr_bytes FROM attempt a WHERE a.step_id = ANY($1::uuid[]) "
    "ORDER BY a.step_id, a.host_index, a.number DESC";

// The beginnings of both streams and of the merged view.
constexpr auto kChunks =
    "SELECT c.attempt_id, c.stream, c.start_offset, c.attempt_offset, c.data FROM output_chunk c "
    "WHERE c.attempt_id = ANY($1::uuid[]) AND (c.start_offset < $2 OR c.attempt_offset < $2) "
    "ORDER BY c.attempt_id, c.attempt_offset";

struct Host {
  std::string name;
  std::string status;
  json::value exit_code;
  std::uint64_t stdout_bytes = 0;  // of all of it
  std::string standard_output;
  std::string standard_error;
  std::string both;
};

struct Step {
  Uuid id;
  std::string slug;
  std::string type;
  std::string status;
  json::value exit_code;
  json::value result;
  std::vector<Host> hosts;
};

json::value number_or_null(const pqxx::field& field) {
  const auto number = db::optional_integer(field);
  if (!number) return nullptr;
  return *number;
}

std::vector<Step> read_steps(pqxx::work& work, const StepResults::Query& query) {
  const std::vector<std::string> slugs(query.slugs.begin(), query.slugs.end());
  std::vector<Step> steps;
  for (const auto& row : db::exec(work, kSteps, query.execution, query.before, query.all, slugs)) {
    Step step;
    step.id = db::uuid(row["id"]);
    step.slug = db::text(row["slug"]);
    step.type = db::text(row["type"]);
    step.status = db::text(row["status"]);
    step.exit_code = number_or_null(row["exit_code"]);
    step.result = db::json(row["result"]);
    steps.push_back(std::move(step));
  }
  return steps;
}

// Adds what of `data`, which begins at `offset`, lies before kTextBytes.
void append(std::string& text, std::uint64_t offset, std::string_view data) {
  if (offset >= StepResults::kTextBytes) return;
  text += data.substr(0, StepResults::kTextBytes - offset);
}

void read_output(pqxx::work& work, const std::vector<Uuid>& attempts,
                 const std::unordered_map<Uuid, Host*>& hosts) {
  constexpr std::size_t kAtOnce = 16;  // bounds what one result holds
  for (std::size_t begin = 0; begin < attempts.size(); begin += kAtOnce) {
    const auto end = std::min(attempts.size(), begin + kAtOnce);
    const std::vector<Uuid> some(attempts.begin() + static_cast<std::ptrdiff_t>(begin),
                                 attempts.begin() + static_cast<std::ptrdiff_t>(end));
    for (const auto& row : db::exec(work, kChunks, some, StepResults::kTextBytes)) {
      auto& host = *hosts.at(db::uuid(row["attempt_id"]));
      const auto data = db::bytes(row["data"]);
      const bool is_stdout = db::integer(row["stream"]) == static_cast<int>(Stream::kStdout);
      append(is_stdout ? host.standard_output : host.standard_error,
             static_cast<std::uint64_t>(db::integer(row["start_offset"])), data);
      append(host.both, static_cast<std::uint64_t>(db::integer(row["attempt_offset"])), data);
    }
  }
}

Result<void> read_hosts(pqxx::work& work, std::vector<Step>& steps) {
  std::unordered_map<Uuid, Step*> by_id;
  std::vector<Uuid> ids;
  for (auto& step : steps) {
    by_id.emplace(step.id, &step);
    ids.push_back(step.id);
  }
  std::vector<Uuid> attempts;
  std::vector<std::pair<Step*, std::size_t>> places;
  std::uint64_t total = 0;
  for (const auto& row : db::exec(work, kAttempts, ids)) {
    Host host;
    host.name = db::text(row["host"]);
    host.status = db::text(row["status"]);
    host.exit_code = number_or_null(row["exit_code"]);
    host.stdout_bytes = static_cast<std::uint64_t>(db::integer(row["stdout_bytes"]));
    const auto stderr_bytes = static_cast<std::uint64_t>(db::integer(row["stderr_bytes"]));
    total += std::min<std::uint64_t>(host.stdout_bytes, StepResults::kTextBytes) +
             std::min<std::uint64_t>(stderr_bytes, StepResults::kTextBytes);
    auto* step = by_id.at(db::uuid(row["step_id"]));
    attempts.push_back(db::uuid(row["id"]));
    places.emplace_back(step, step->hosts.size());
    step->hosts.push_back(std::move(host));
  }
  if (total > StepResults::kTotalBytes) {
    return failure(ErrorCode::kInvalid,
                   fmt::format("the output of the steps it looks at is {} MiB, more than the {} MiB an "
                               "expression may look at",
                               total >> 20, StepResults::kTotalBytes >> 20));
  }
  std::unordered_map<Uuid, Host*> hosts;
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    hosts.emplace(attempts[i], &places[i].first->hosts[places[i].second]);
  }
  read_output(work, attempts, hosts);
  return {};
}

// Absent when it is not JSON or longer than what is looked at.
void add_json(json::object& shown, const Host& host) {
  if (host.stdout_bytes > StepResults::kTextBytes) return;
  json::parse_options options;
  options.max_depth = limits::kJsonDepth;
  boost::system::error_code error;
  auto value = json::parse(host.standard_output, error, {}, options);
  if (!error) shown["json"] = std::move(value);
}

json::object host_json(const Host& host) {
  json::object shown;
  shown["status"] = host.status;
  shown["exit_code"] = host.exit_code;
  shown["stdout"] = output_text(host.standard_output, false);
  shown["stderr"] = output_text(host.standard_error, false);
  shown["output"] = output_text(host.both, false);
  return shown;
}

json::object command_json(const Step& step) {
  json::object shown;
  shown["status"] = step.status;
  shown["exit_code"] = step.exit_code;
  json::object hosts;
  for (const auto& host : step.hosts) hosts[host.name] = host_json(host);
  if (step.hosts.size() == 1) {
    const auto& only = hosts.at(step.hosts[0].name).as_object();
    for (const auto* name : {"stdout", "stderr", "output"}) shown[name] = only.at(name);
    add_json(shown, step.hosts[0]);
  }
  shown["hosts"] = std::move(hosts);
  return shown;
}

json::object api_json(const Step& step) {
  json::object shown;
  shown["status"] = step.status;
  if (!step.result.is_object()) return shown;
  const auto& result = step.result.get_object();
  for (const auto* name : {"http_status", "headers", "json"}) {
    const auto* value = result.if_contains(name);
    if (value != nullptr && !(value->is_null() && std::string_view(name) == "json")) shown[name] = *value;
  }
  if (const auto* body = result.if_contains("body")) shown["output"] = *body;
  return shown;
}

Result<json::object> results(pqxx::work& work, const StepResults::Query& query) {
  auto steps = read_steps(work, query);
  if (auto read = read_hosts(work, steps); !read) return std::unexpected(read.error());
  json::object shown;
  for (const auto& step : steps) {
    if (step.type == "command") {
      shown[step.slug] = command_json(step);
    } else if (step.type == "api") {
      shown[step.slug] = api_json(step);
    } else {
      json::object plain;
      plain["status"] = step.status;
      shown[step.slug] = std::move(plain);
    }
  }
  return shown;
}

}  // namespace

boost::asio::awaitable<Result<json::object>> StepResults::read(Query query) {
  auto task = [query = std::move(query)](pqxx::work& work) { return results(work, query); };
  co_return co_await database_.transact("step_results", std::move(task));
}

}  // namespace runbook::store
