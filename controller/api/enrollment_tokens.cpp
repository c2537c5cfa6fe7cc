#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "controller/api/handlers.hpp"
#include "controller/api/query.hpp"
#include "controller/auth/secret.hpp"
#include "controller/domain/targets.hpp"

namespace runbook::api {

namespace json = boost::json;

HandlerAnswer list_enrollment_tokens(Call& call) {
  QueryReader query(call.request);
  auto request = query.page();
  if (auto judged = query.judged(); !judged) co_return std::unexpected(judged.error());
  auto page = co_await call.context.enrollment_tokens.list(std::move(request));
  if (!page) co_return std::unexpected(page.error());
  co_return ok(*page);
}

HandlerAnswer create_enrollment_token(Call& call) {
  domain::Faults faults;
  domain::ObjectReader reader(call.body, "", faults);
  const auto now = std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now());
  store::NewEnrollmentToken token;
  token.created_by = call.principal.person;
  token.expires_at = now + limits::kEnrolmentTokenLife;
  if (const auto* labels = reader.member("labels")) {
    token.labels = domain::read_labels(*labels, reader.pointer("labels"), faults);
  }
  if (const auto at = reader.time("expires_at")) {
    if (*at <= now || *at > token.expires_at) {
      reader.fault("expires_at", domain::fault::kBadValue, "A token may live for an hour at most.");
    }
    token.expires_at = *at;
  }
  reader.refuse_unknown();
  if (!faults.empty()) co_return std::unexpected(faults.error());
  const auto secret = auth::new_enrollment_token();
  token.digest = secret.digest;
  auto answer = co_await call.context.enrollment_tokens.create(std::move(token), origin_of(call));
  // Every part consists of letters, digits and plain punctuation: it is pasted into a shell.
  answer["token"] = secret.text;
  answer["command"] =
      fmt::format("runbook-agent enroll --controller {} --token {} --ca-sha256 {}",
                  call.context.settings.agent_url, secret.text, call.context.settings.ca_sha256);
  answer["run_command"] = "runbook-agent run";
  const auto location = fmt::format("/enrollment-tokens/{}", std::string_view(answer.at("id").as_string()));
  co_return created(answer, location);
}

HandlerAnswer revoke_enrollment_token(Call& call) {
  const auto revoked = co_await call.context.enrollment_tokens.revoke(call.ids.front(), origin_of(call));
  if (!revoked) co_return std::unexpected(revoked.error());
  co_return no_content();
}

}  // namespace runbook::api
