#include "controller/audit/verification.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>
#include <vector>

#include "controller/auth/secret.hpp"
#include "controller/store/page.hpp"
#include "protocol/runtime/blocking_pool.hpp"

namespace runbook::audit {

namespace json = boost::json;

namespace {

constexpr std::size_t kBatch = 2000;  // rows

json::value number_or_null(const std::optional<std::int64_t>& number) {
  if (!number) return nullptr;
  return *number;
}

}  // namespace

json::object to_json(const Verification& verification) {
  json::object answer;
  answer["valid"] = verification.valid;
  answer["checked"] = verification.checked;
  answer["first_bad"] = number_or_null(verification.first_bad);
  answer["reason"] = store::json_or_null(verification.reason);
  answer["checkpoint"] = nullptr;
  if (const auto& newest = verification.checkpoint)
    answer["checkpoint"] = json::object{{"id", newest->id}, {"at", rfc3339(newest->at)}};
  return answer;
}

ChainCheck::ChainCheck(const store::AuditTrail& trail, CheckpointFile::Content checkpoints)
    : trail_(trail), foreign_line_(checkpoints.foreign_line) {
  if (!checkpoints.checkpoints.empty()) result_.checkpoint = checkpoints.checkpoints.back();
  for (auto& each : checkpoints.checkpoints) {
    const auto [known, is_new] = checkpoints_.emplace(each.id, each);
    // Two ends of one length: what was then written over has a checkpoint that no row can agree with.
    if (!is_new && known->second.mac != each.mac) known->second.mac.clear();
  }
}

bool ChainCheck::fail(std::int64_t row, std::string reason) {
  result_.valid = false;
  result_.first_bad = row;
  result_.reason = std::move(reason);
  return false;
}

bool ChainCheck::agrees(const store::ChainedRow& row) {
  const auto checkpoint = checkpoints_.find(row.row.id);
  if (checkpoint == checkpoints_.end()) return true;
  return auth::same_secret(checkpoint->second.mac, auth::hex(row.mac));
}

bool ChainCheck::add(const store::ChainedRow& row) {
  ++result_.checked;
  const auto expected = last_ + 1;
  if (row.row.id < expected) return fail(row.row.id, "This row was put in.");
  if (row.row.id > expected) return fail(expected, "This row is missing.");
  if (!auth::same_secret(row.mac, trail_.mac(previous_, row.row)))
    return fail(expected, "This row is not as it was written, or the one before is another.");
  if (!agrees(row))
    return fail(expected,
                fmt::format("The checkpoint of {} has another row here: rows were taken off and others "
                            "written since.",
                            rfc3339(checkpoints_.at(expected).at)));
  last_ = expected;
  previous_ = row.mac;
  return true;
}

Verification ChainCheck::end() {
  if (!result_.valid) return std::move(result_);
  const auto missing = checkpoints_.upper_bound(last_);
  if (missing != checkpoints_.end()) {
    fail(last_ + 1, fmt::format("This row is missing: on {} there were rows up to {}.",
                                rfc3339(missing->second.at), missing->first));
  } else if (foreign_line_) {
    result_.valid = false;
    result_.reason =
        fmt::format("Line {} of the checkpoint file was not written with the audit key.", *foreign_line_);
  }
  return std::move(result_);
}

boost::asio::awaitable<Verification> verify(store::AuditStore& rows, const store::AuditTrail& trail,
                                            const CheckpointFile& checkpoints, runtime::BlockingPool& pool) {
  // Checkpoints first: a row that comes meanwhile has none.
  auto load = [&checkpoints] { return checkpoints.load(); };
  ChainCheck check(trail, co_await pool.run(std::move(load)));
  std::int64_t last = std::numeric_limits<std::int64_t>::min();
  for (;;) {
    auto batch = co_await rows.chain(last, kBatch);
    const auto size = batch.size();
    if (size > 0) last = batch.back().row.id;
    auto look = [&check, batch = std::move(batch)] {
      return std::ranges::all_of(batch, [&check](const auto& row) { return check.add(row); });
    };
    const bool good = co_await pool.run(std::move(look));
    if (!good || size < kBatch) co_return check.end();
  }
}

}  // namespace runbook::audit
