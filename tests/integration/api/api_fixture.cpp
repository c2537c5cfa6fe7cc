#include "tests/integration/api/api_fixture.hpp"

#include <algorithm>

#include "controller/api/routes.hpp"
#include "controller/auth/secret.hpp"
#include "db/parameters.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/support/await.hpp"
#include "tests/support/credential_keys.hpp"

namespace runbook::api {

namespace json = boost::json;

namespace {

class TextBody : public http::BodyReader {
 public:
  explicit TextBody(std::string text) : text_(std::move(text)) {}
  boost::asio::awaitable<Result<std::string>> read(std::size_t limit) override {
    if (text_.size() > limit) co_return failure(ErrorCode::kTooLarge, "The body is too large.");
    co_return text_;
  }

 private:
  std::string text_;
};

void split_query(http::Request& request) {
  const auto question = request.path.find('?');
  if (question == std::string::npos) return;
  auto rest = std::string_view(request.path).substr(question + 1);
  while (!rest.empty()) {
    const auto pair = rest.substr(0, rest.find('&'));
    rest.remove_prefix(std::min(pair.size() + 1, rest.size()));
    const auto equals = std::min(pair.find('='), pair.size());
    request.query.emplace_back(pair.substr(0, equals), pair.substr(std::min(equals + 1, pair.size())));
  }
  request.path.resize(question);
}

http::Request request_of(const Ask& ask) {
  http::Request request;
  request.method = ask.method;
  request.path = ask.path;
  split_query(request);
  request.headers = ask.headers;
  request.headers.emplace_back("host", "127.0.0.1:8080");
  if (ask.body && ask.content_type) request.headers.emplace_back("content-type", *ask.content_type);
  request.request_id = "00000000-0000-4000-8000-000000000001";
  request.remote_address = ask.address;
  request.secure = ask.secure;
  request.upgrade = ask.upgrade;
  return request;
}

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return result;
}

boost::asio::awaitable<Reply> answer(http::Handler& handler, const http::Request& request,
                                     http::BodyReader& body) {
  auto response = co_await handler(request, body);
  auto text = response.fixed_body.empty() ? response.body : std::string(response.fixed_body);
  Reply reply{response.status, response.headers, std::move(text), nullptr, response.websocket != nullptr};
  while (response.stream) {
    const auto piece = co_await response.stream->next();
    if (!piece) break;
    reply.text += *piece;
  }
  co_return reply;
}

}  // namespace

std::string Reply::header(std::string_view name) const {
  for (const auto& [key, value] : headers) {
    if (lower(key) == lower(name)) return value;
  }
  return {};
}

std::string Reply::at(std::string_view pointer) const {
  boost::system::error_code error;
  const auto* value = body.find_pointer(pointer, error);
  if (value == nullptr) return {};
  return value->is_string() ? std::string(value->get_string()) : json::serialize(*value);
}

std::vector<std::string> Reply::faults() const {
  std::vector<std::string> faults;
  const auto* object = body.if_object();
  if (object == nullptr || !object->contains("errors")) return faults;
  for (const auto& fault : object->at("errors").as_array()) {
    faults.push_back(std::string(fault.at("pointer").as_string()) + " " +
                     std::string(fault.at("code").as_string()));
  }
  return faults;
}

ApiTest::ApiTest()
    : context_(database(), engine_, hub_, live_, metrics_, audit_.audit,
               Settings{.public_port = 8080,
                        .agent_url = "https://127.0.0.1:8443",
                        .ca_sha256 = std::string(64, 'a'),
                        .credential_keys = testing::credential_keys()}),
      handler_(make_public_handler(context_)) {}

const std::string& ApiTest::key(std::string_view role) {
  const auto known = keys_.find(role);
  if (known != keys_.end()) return known->second;
  const auto secret = auth::new_api_key();
  store::NewApiKey key{.name = std::string(role) + " key",
                       .prefix = secret.prefix,
                       .digest = secret.digest,
                       .roles = {std::string(role)},
                       .owner = std::string(role)};
  testing::await(loop_, context_.api_keys.create(std::move(key), audit_.origin()));
  return keys_.emplace(std::string(role), secret.text).first->second;
}

Reply ApiTest::as(std::string_view role, Ask ask) {
  ask.headers.emplace_back("x-api-key", key(role));
  return send(std::move(ask));
}

Reply ApiTest::send(Ask ask) {
  const auto request = request_of(ask);
  TextBody body(ask.body.value_or(""));
  auto reply = testing::await(loop_, answer(handler_, request, body));
  const auto type = lower(reply.header("content-type"));
  const bool is_json = type.find("json") != std::string::npos && type.find("jsonl") == std::string::npos;
  if (is_json) reply.body = json::parse(reply.text);
  const auto match = match_path(request.path);
  const auto* route = match ? route_for(*match, request.method) : nullptr;
  if (route != nullptr && route->pattern != "/" && !route->pattern.starts_with("/ui")) {
    const auto method = lower(http::to_string(route->method));
    for (const auto& fault :
         schemas_.judge(method, route->pattern, reply.status, reply.header("content-type"), reply.body)) {
      ADD_FAILURE() << method << " " << route->pattern << " answered " << reply.status
                    << ", not as described: " << fault;
    }
  }
  return reply;
}

json::object runbook_document(std::string title) {
  return {{"title", std::move(title)},
          {"labels", {{"team", "web"}}},
          {"blocks",
           {json::object{{"type", "instruction"}, {"name", "Read"}, {"config", {{"text", "Look."}}}},
            json::object{{"type", "command"}, {"name", "Run"}, {"config", {{"command", "true"}}}}}}};
}

json::object ApiTest::make_runbook(std::string title) {
  const auto reply = post("/runbooks", runbook_document(std::move(title)));
  EXPECT_EQ(reply.status, 201u) << reply.text;
  return reply.body.as_object();
}

Uuid ApiTest::make_agent(const std::string& name, const json::object& labels, bool online) {
  const Uuid id = runtime::new_uuid();
  const Uuid instance = runtime::new_uuid();
  database().transact_here("make_agent", [&](pqxx::work& work) {
    if (online) db::exec(work, "INSERT INTO controller_instance (id) VALUES ($1)", instance);
    db::exec(work,
             "INSERT INTO agent (id, name, labels, certificate_serial, certificate_until, connected_to) "
             "VALUES ($1, $2, $3, $4, now() + interval '1 day', $5)",
             id, name, labels, id.str(), online ? std::optional(instance) : std::nullopt);
  });
  return id;
}

std::pair<Uuid, Uuid> ApiTest::make_execution(const std::string& status, std::string_view role) {
  const auto runbook = make_runbook();
  const Uuid execution = runtime::new_uuid();
  const Uuid step = runtime::new_uuid();
  const std::string person = as(role, {.path = "/me"}).at("/id");
  const auto& version = runbook.at("version").as_object();
  database().transact_here("make_execution", [&](pqxx::work& work) {
    db::exec(work,
             "INSERT INTO execution (id, runbook_id, version_id, version_number, title, status, approval, "
             "parameters, "
             "requested_by, start_time, end_time) VALUES ($1, $2, $3, 1, 'Runbook', $4, 'preapproved', '{}', "
             "$5, now(), "
             "CASE WHEN $4 IN ('completed', 'failed', 'stopped') THEN now() END)",
             execution, std::string(runbook.at("id").as_string()), std::string(version.at("id").as_string()),
             status, person);
    db::exec(work,
             "INSERT INTO execution_step (id, job_id, block_id, slug, name, type, \"order\", status) "
             "VALUES ($1, $2, $1, 'read', 'Read', 'instruction', 0, 'awaiting_input')",
             step, execution);
  });
  return {execution, step};
}

}  // namespace runbook::api
