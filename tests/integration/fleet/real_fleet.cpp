#include "tests/integration/fleet/real_fleet.hpp"

#include <fmt/format.h>

#include "agent/connection/dial.hpp"
#include "certs/tls.hpp"
#include "controller/domain/runbook.hpp"
#include "controller/fleet/agent_listener.hpp"
#include "controller/store/outage.hpp"
#include "db/parameters.hpp"
#include "protocol/messages/dispatch_signature.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/random.hpp"
#include "tests/support/credential_keys.hpp"

namespace runbook::testing {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kPatience{10};

Time now() { return std::chrono::time_point_cast<Time::duration>(std::chrono::system_clock::now()); }

http::ServerSettings listener_of(const certs::FleetAuthority& authority, unsigned short port) {
  const auto own = authority.issue_controller(now());
  http::ServerSettings settings;
  settings.name = "agent";
  settings.endpoint = {asio::ip::address_v4::loopback(), port};
  settings.tls = certs::agent_listener(own.certificate.pem, own.key_pem, authority.trusted_pem());
  settings.is_outage = &store::is_outage;
  return settings;
}

DispatchKey& dispatch_key() {
  static DispatchKey key = DispatchKey::create();
  return key;
}

void ignore(const std::exception_ptr&) {}

}  // namespace

Controller::Controller(asio::io_context& io, const std::string& database_url,
                       const certs::FleetAuthority& authority, const audit::Audit& audit, unsigned short port)
    : instance(runtime::new_uuid()),
      database({.url = database_url, .connections = 4}),
      hub(fleet::AgentHub::create(io.get_executor(), database, instance, authority.trusted_sha256(),
                                  audit.trail)),
      engine(engine::Engine::create(io.get_executor(), database, *hub, observer, api, metrics, instance,
                                    credential_keys(), dispatch_key(), audit.trail)),
      enrolment(database, database.pool(), authority, dispatch_key().public_key(), audit.trail),
      renewal(database, database.pool(), authority, audit.trail),
      server(io.get_executor(), listener_of(authority, port),
             fleet::agent_listener(enrolment, renewal, *hub)) {
  hub->connect_events(*engine);
  engine->start();
  server.start();
}

std::string Controller::url() const {
  return fmt::format("https://127.0.0.1:{}", server.local_endpoint().port());
}

asio::awaitable<void> Controller::stop() {
  co_await engine->stop();
  co_await hub->stop();
  co_await server.stop();
}

asio::awaitable<bool> TestAgent::connect(std::string url) {
  const auto address = connection::parse_address(url).value();
  try {
    const auto tls = certs::agent_link(certificate.certificate_pem, certificate.key_pem, certificate.ca_pem);
    auto stream = co_await connection::dial(address, tls);
    auto channel =
        co_await transport::WebSocketChannel::connect(std::move(*stream), std::string(certs::kControllerName),
                                                      std::string(kAgentPath), std::string(kSubprotocol));
    channel_ = std::make_shared<transport::WebSocketChannel>(std::move(channel));
  } catch (const boost::system::system_error&) {
    co_return false;
  }
  const auto executor = co_await asio::this_coro::executor;
  auto write = [](std::shared_ptr<transport::WebSocketChannel> kept) -> asio::awaitable<void> {
    co_await kept->write_loop();
  };
  asio::co_spawn(executor, write(channel_), ignore);
  co_return true;
}

Hello TestAgent::hello() const {
  Hello hello;
  hello.agent_version = "0.1.0";
  hello.os = "test";
  hello.arch = "none";
  hello.hostname = name;
  hello.boot_id = id.str();
  hello.incarnation = incarnation;
  return hello;
}

asio::awaitable<std::optional<Welcome>> TestAgent::greet(std::string url) {
  const bool connected = co_await connect(std::move(url));
  if (!connected) co_return std::nullopt;
  say(hello());
  auto answer = co_await hear();
  if (!answer || !std::holds_alternative<Welcome>(*answer)) co_return std::nullopt;
  co_return std::get<Welcome>(std::move(*answer));
}

void TestAgent::say_text(std::string text) { channel_->push({false, std::move(text)}); }

void TestAgent::say_bytes(std::string bytes) { channel_->push({true, std::move(bytes)}); }

asio::awaitable<std::optional<ControllerMessage>> TestAgent::hear() {
  const auto channel = channel_;
  auto message = co_await runtime::with_deadline(channel->read(), kPatience);
  if (!message || !*message) co_return std::nullopt;
  auto decoded = decode_controller_message((*message)->data);
  if (!decoded) co_return std::nullopt;
  co_return std::move(*decoded);
}

asio::awaitable<std::optional<RunCommand>> TestAgent::hear_run() {
  for (;;) {
    auto message = co_await hear();
    if (!message) co_return std::nullopt;
    if (auto* run = std::get_if<RunCommand>(&*message)) co_return std::move(*run);
  }
}

asio::awaitable<void> TestAgent::read_to_the_end() {
  const auto channel = channel_;
  bool open = true;
  while (open) {
    const auto message = co_await channel->read();
    open = message.has_value();
  }
}

asio::awaitable<bool> TestAgent::cut_within(std::chrono::milliseconds limit) {
  return runtime::with_deadline(read_to_the_end(), limit);
}

RealFleet::RealFleet() : person(runtime::new_uuid()) {
  sql("INSERT INTO person (id, name) VALUES ('" + person.str() + "', 'Ada')");
}

RealFleet::~RealFleet() { stop_controllers(); }

Controller& RealFleet::start_controller(const certs::FleetAuthority& trusted, unsigned short port) {
  controllers.push_back(std::make_unique<Controller>(io, url(), trusted, audit_.audit, port));
  sql("INSERT INTO controller_instance (id) VALUES ('" + controllers.back()->instance.str() +
      "') ON CONFLICT DO NOTHING");
  return *controllers.back();
}

void RealFleet::stop_controllers() {
  for (const auto& controller : controllers) call(controller->stop());
  controllers.clear();
}

TestAgent RealFleet::add_agent(const std::string& name, std::chrono::hours issued) {
  TestAgent agent;
  agent.id = runtime::new_uuid();
  agent.name = name;
  agent.incarnation = runtime::new_uuid();
  const auto key = certs::make_signing_request(name);
  const auto made = authority.issue_agent(key.csr_pem, agent.id, now() - issued).value();
  agent.certificate = {made.pem, authority.trusted_pem(), key.key_pem};
  const auto until = rfc3339(made.not_after);
  sql("INSERT INTO agent (id, name, labels, certificate_serial, certificate_until) VALUES ('" +
      agent.id.str() + "', '" + name + "', '{}', '" + made.serial + "', '" + until + "')");
  sql("INSERT INTO agent_certificate (serial, agent_id, issuer, trusts, issued_at, not_after) VALUES ('" +
      made.serial + "', '" + agent.id.str() + "', '" + authority.sha256() + "', '{" + authority.sha256() +
      "}', now() - interval '" + std::to_string(issued.count()) + " hours', '" + until + "')");
  return agent;
}

Uuid RealFleet::add_runbook(const std::string& blocks) {
  const auto document = boost::json::parse(R"({"title": "Test", "blocks": )" + blocks + "}");
  const auto runbook = domain::judge_runbook(document, [] { return runtime::new_uuid(); }).value();
  const auto id = runtime::new_uuid();
  sql("INSERT INTO runbook (id, title, description, labels, version_number, created_by) VALUES ('" +
      id.str() + "', 'Test', '', '{}', 1, '" + person.str() + "')");
  sql("INSERT INTO runbook_version (id, runbook_id, version_number, content, created_by) VALUES ('" +
      runtime::new_uuid().str() + "', '" + id.str() + "', 1, '" +
      boost::json::serialize(domain::to_json(runbook)) + "', '" + person.str() + "')");
  return id;
}

Uuid RealFleet::execute(Controller& controller, const Uuid& runbook, std::vector<std::string> hosts) {
  engine::ExecuteRequest request;
  request.runbook = runbook;
  request.targets.hosts = std::move(hosts);
  request.approval = "preapproved";
  request.requested_by = person;
  request.reach = domain::Reach::everything();
  request.request_digest = std::string(32, 'd');
  return call(controller.engine->execute(std::move(request), audit_.origin())).value().execution;
}

void RealFleet::run_until(const std::function<bool()>& done, std::chrono::seconds patience) {
  using Clock = std::chrono::steady_clock;
  const auto until = Clock::now() + patience;
  io.restart();
  while (!done()) {  // which may ask the database: not after every event
    if (Clock::now() > until) throw std::runtime_error("waited too long");
    const auto next = Clock::now() + std::chrono::milliseconds{5};
    while (Clock::now() < next) io.run_one_until(next);
  }
}

void RealFleet::call(asio::awaitable<void> task) {
  bool done = false;
  std::exception_ptr failed;
  asio::co_spawn(io, std::move(task), [&](const std::exception_ptr& escaped) {
    failed = escaped;
    done = true;
  });
  run_until([&done] { return done; }, std::chrono::seconds{60});
  if (failed) std::rethrow_exception(failed);
}

std::string RealFleet::status_of_attempt(const Uuid& attempt) {
  return db::text(sql("SELECT status FROM attempt WHERE id = '" + attempt.str() + "'")[0][0]);
}

}  // namespace runbook::testing
