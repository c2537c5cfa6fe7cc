#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/query.hpp"
#include "controller/domain/targets.hpp"

namespace runbook::api {

HandlerAnswer list_agents(Call& call) {
  QueryReader query(call.request);
  store::AgentFilter filter;
  filter.status = query.one_of("status", {"online", "offline", "draining", "revoked"});
  filter.selector = query.selector("selector");
  filter.name = query.text("name");
  if (query.flag("outdated")) filter.not_version = RUNBOOK_VERSION;
  filter.page = query.page();
  filter.reach = call.reach;
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.agents.list(std::move(filter));
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

HandlerAnswer count_agents(Call& call) {
  QueryReader query(call.request);
  store::AgentFilter filter;
  filter.selector = query.selector("selector");
  filter.name = query.text("name");
  filter.not_version = RUNBOOK_VERSION;
  filter.reach = call.reach;
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  co_return ok(co_await call.context.agents.counts(std::move(filter)));
}

HandlerAnswer get_agent(Call& call) {
  const auto agent = co_await call.context.agents.get(call.ids.front(), call.reach);
  if (!agent) co_return std::unexpected(agent.error());
  co_return ok(*agent);
}

HandlerAnswer update_agent(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  store::AgentChange change;
  if (const auto* labels = reader.member("labels")) {
    change.labels = domain::read_labels(*labels, reader.pointer("labels"), faults);
  }
  change.draining = reader.boolean("draining");
  reader.refuse_unknown();
  if (!faults.empty()) co_return std::unexpected(faults.error());
  const auto agent =
      co_await call.context.agents.change(call.ids.front(), std::move(change), call.reach, origin_of(call));
  if (!agent) co_return std::unexpected(agent.error());
  call.context.live.agent_changed(*agent);
  co_return ok(*agent);
}

HandlerAnswer revoke_agent(Call& call) {
  const auto revoked = co_await call.context.agents.revoke(call.ids.front(), call.reach, origin_of(call));
  if (!revoked) co_return std::unexpected(revoked.error());
  co_await call.context.engine.agent_revoked(call.ids.front());
  call.context.hub.disconnect(call.ids.front());
  const auto agent = co_await call.context.agents.get(call.ids.front(), call.reach);
  if (agent) call.context.live.agent_changed(*agent);
  co_return no_content();
}

HandlerAnswer match_agents(Call& call) {
  domain::Faults faults;
  auto targets = domain::read_targets(call.body, "", domain::Need::kOptional, faults);
  if (!faults.empty()) co_return std::unexpected(faults.error());
  auto matches = co_await call.context.agents.match(std::move(*targets), limits::kPageItemsMax, call.reach);
  if (!matches) co_return std::unexpected(matches.error());
  co_return ok(*matches);
}

HandlerAnswer list_labels(Call& call) {
  QueryReader query(call.request);
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  const auto labels = co_await call.context.agents.labels(call.reach);
  co_return ok(labels);
}

}  // namespace runbook::api
