#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/query.hpp"

namespace runbook::api {

HandlerAnswer list_approvals(Call& call) {
  QueryReader query(call.request);
  const auto state = query.one_of("state", {"waiting", "decided"});
  auto request = query.page();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  const auto kind = state == "decided" ? store::Approvals::kDecided : store::Approvals::kWaiting;
  const auto page =
      co_await call.context.approvals.list(kind, std::move(request), approver_of(call.principal), call.reach);
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

}  // namespace runbook::api
