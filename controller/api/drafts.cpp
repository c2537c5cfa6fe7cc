#include <limits>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/domain/json_reader.hpp"
#include "controller/http/problem.hpp"

namespace runbook::api {

namespace {

store::DraftKey key_of(const Call& call) { return {call.ids.front(), call.principal.person, call.reach}; }

http::Response no_draft(const Call& call) {
  return http::problem(404, "no_draft", "You have no draft of this runbook.", call.request.request_id);
}

}  // namespace

HandlerAnswer get_draft(Call& call) {
  const auto draft = co_await call.context.drafts.get(key_of(call));
  if (!draft) co_return std::unexpected(draft.error());
  if (!*draft) co_return no_draft(call);
  co_return ok(**draft);
}

HandlerAnswer save_draft(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  store::DraftContent content;
  content.base_version_number =
      reader
          .integer("base_version_number", 1, std::numeric_limits<std::int32_t>::max(),
                   domain::Need::kRequired)
          .value_or(0);
  const domain::TextRule rule{
      .need = domain::Need::kRequired, .max_bytes = limits::kDraftBytes, .not_empty = false};
  content.yaml = reader.text("yaml", rule).value_or("");
  reader.refuse_unknown();
  if (!faults.empty()) co_return std::unexpected(faults.error());
  const auto draft = co_await call.context.drafts.save(key_of(call), std::move(content));
  if (!draft) co_return std::unexpected(draft.error());
  co_return ok(*draft);
}

HandlerAnswer delete_draft(Call& call) {
  const auto removed = co_await call.context.drafts.remove(key_of(call));
  if (!removed) co_return std::unexpected(removed.error());
  if (!*removed) co_return no_draft(call);
  co_return no_content();
}

}  // namespace runbook::api
