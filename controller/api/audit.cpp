#include <memory>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/media.hpp"
#include "controller/api/query.hpp"
#include "controller/api/standing.hpp"
#include "controller/audit/verification.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

constexpr std::size_t kExportRows = 500;  // read at once

// Every event that matches, one JSON object a line.
class AuditLines : public JudgedSource {
 public:
  AuditLines(Call& call, store::AuditFilter filter)
      : JudgedSource(call), rows_(call.context.audit_rows), filter_(std::move(filter)) {}

  boost::asio::awaitable<std::optional<std::string>> next() override {
    const auto events = co_await rows_.after(filter_, last_, kExportRows);
    if (events.empty()) co_return std::nullopt;
    last_ = events.back().at("id").as_int64();
    std::string lines;
    for (const auto& event : events) lines += json::serialize(event) + '\n';
    co_return lines;
  }

 private:
  store::AuditStore& rows_;
  store::AuditFilter filter_;
  std::int64_t last_ = 0;
};

http::Response lines_of(Call& call, store::AuditFilter filter) {
  http::Response response;
  response.headers.emplace_back("Content-Type", kJsonLines);
  response.headers.emplace_back("Content-Disposition", "attachment; filename=\"audit.jsonl\"");
  response.headers.emplace_back("Vary", "Accept");
  response.stream = std::make_unique<AuditLines>(call, std::move(filter));
  return response;
}

}  // namespace

HandlerAnswer list_audit(Call& call) {
  QueryReader query(call.request);
  store::AuditFilter filter;
  filter.person = query.text("person");
  filter.action = query.one_of("action", store::kAuditActions);
  filter.object_type = query.one_of("object_type", store::kAuditObjects);
  filter.object_id = query.uuid("object_id");
  filter.result = query.one_of("result", {"done", "refused"});
  filter.since = query.time("since");
  filter.until = query.time("until");
  auto request = query.page();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  if (prefers_json_lines(call.request)) co_return lines_of(call, std::move(filter));
  auto page = co_await call.context.audit_rows.list(std::move(filter), std::move(request));
  if (!page) co_return std::unexpected(page.error());
  auto response = ok(*page);
  response.headers.emplace_back("Vary", "Accept");
  co_return response;
}

HandlerAnswer verify_audit(Call& call) {
  auto& context = call.context;
  const auto found = co_await audit::verify(context.audit_rows, context.audit.trail,
                                            context.audit.checkpoints, context.pool);
  co_return ok(audit::to_json(found));
}

}  // namespace runbook::api
