#include <utility>

#include "controller/api/guesses.hpp"
#include "controller/api/handlers.hpp"
#include "controller/auth/rights.hpp"
#include "controller/domain/json_reader.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

struct SignInBody {
  std::optional<std::string> key;
  std::optional<std::string> token;
};

Result<SignInBody> read_sign_in(const json::value& document) {
  domain::Faults faults;
  domain::ObjectReader reader(document, "", faults);
  SignInBody body{reader.text("key"), reader.text("token")};
  if (reader.is_object() && reader.member("key") == nullptr && reader.member("token") == nullptr) {
    reader.fault("key", domain::fault::kRequired,
                 "key is required: an API key; or token, of a sign-in link.");
  }
  if (body.key && body.token) {
    reader.fault("token", domain::fault::kBadValue, "Send either key or token.");
  }
  reader.refuse_unknown();
  if (!faults.empty()) return std::unexpected(faults.error());
  return body;
}

}  // namespace

HandlerAnswer sign_in(Call& call) {
  auto body = read_sign_in(call.body);
  if (!body) co_return std::unexpected(body.error());
  auto& authenticator = call.context.authenticator;
  auto credentials = credentials_of(call.request, auth::Access::kWrite);
  const auto presented = authenticator.presented(body->key ? *body->key : *body->token);
  if (auto may = may_try(call, presented); !may) co_return std::unexpected(std::move(may.error()));
  Result<auth::SignedIn> signed_in;
  if (body->key) {
    signed_in = co_await authenticator.sign_in_with_key(std::move(*body->key), std::move(credentials),
                                                        origin_of(call));
  } else {
    signed_in = co_await authenticator.sign_in_with_token(std::move(*body->token), std::move(credentials),
                                                          origin_of(call));
  }
  if (!signed_in) co_return std::unexpected(after_refusal(call, presented, std::move(signed_in.error())));
  auto response = created(json::object{{"csrf_token", signed_in->csrf_token}}, "/me");
  response.headers.emplace_back("Set-Cookie", signed_in->set_cookie);
  co_return response;
}

HandlerAnswer sign_out(Call& call) {
  auto credentials = credentials_of(call.request, auth::Access::kWrite);
  const auto cleared = co_await call.context.authenticator.sign_out(std::move(credentials), origin_of(call));
  auto response = no_content();
  response.headers.emplace_back("Set-Cookie", cleared);
  co_return response;
}

HandlerAnswer get_me(Call& call) {
  const auto& principal = call.principal;
  json::object me;
  me["id"] = principal.person.str();
  me["name"] = principal.person_name;
  me["key"] = json::object{{"id", principal.api_key.str()}, {"name", principal.key_name}};
  me["roles"] = auth::to_json(principal.grants);
  me["session"] = principal.by_session;
  if (principal.by_session) {
    me["csrf_token"] =
        call.context.authenticator.csrf_token(credentials_of(call.request, auth::Access::kRead));
  }
  me["version"] = RUNBOOK_VERSION;
  co_return ok(me);
}

}  // namespace runbook::api
