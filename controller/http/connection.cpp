#include "controller/http/connection.hpp"

#include <boost/asio/this_coro.hpp>

#include "controller/http/client_network.hpp"
#include "controller/http/problem.hpp"
#include "controller/http/response_writer.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/runtime/blocking_pool.hpp"
#include "protocol/runtime/deadline.hpp"
#include "protocol/runtime/logging.hpp"
#include "protocol/runtime/random.hpp"

namespace runbook::http {
namespace {

namespace asio = boost::asio;
using Clock = TimedStream::Clock;

constexpr std::size_t kHeadPiece = 4 * 1024;
constexpr std::size_t kOneWriteBytes = 64 * 1024;  // up to here head and body go out together

}  // namespace

Connection::Connection(transport::ByteStream stream, const ServerSettings& settings, const Handler& handler,
                       HandshakeQueue& handshakes)
    : stream_(std::move(stream)),
      settings_(settings),
      handler_(handler),
      handshakes_(handshakes),
      remote_address_(stream_.stream().remote_address()),
      secure_(stream_.stream().is_tls()) {}

asio::awaitable<std::optional<Upgrade>> Connection::run() {
  std::optional<Upgrade> upgrade;
  const auto greeted_by = Clock::now() + settings_.times.header;
  const bool greeted = co_await greet(greeted_by);
  if (!greeted) co_return upgrade;
  if (secure_) peer_certificate_ = stream_.stream().peer_certificate();

  auto idle_until = greeted_by;
  Next next = Next::kRequest;
  while (next == Next::kRequest && !ending_) {
    RequestParser parser;
    const Head head = co_await read_head(parser, idle_until);
    if (head == Head::kGone) co_return upgrade;
    next = head == Head::kRefused ? Next::kClose : Next::kRequest;
    if (head == Head::kTaken) next = co_await serve_one(parser, upgrade);
    idle_until = Clock::now() + settings_.times.idle;
  }
  if (next == Next::kClose || next == Next::kRequest) co_await close_gently();
  co_return upgrade;
}

// A turn is taken when the client has said something: whoever only connects costs nothing but the connection.
asio::awaitable<bool> Connection::greet(Clock::time_point deadline) {
  if (!secure_) co_return true;
  const bool spoke = co_await runtime::with_deadline(stream_.wait_readable(), deadline - Clock::now());
  if (!spoke) co_return false;
  const auto turn = co_await handshakes_.take(http::client_network(remote_address_), deadline);
  if (!turn) co_return false;
  const auto shaken = co_await stream_.handshake(deadline);
  co_return shaken;
}

void Connection::end_soon() {
  ending_ = true;
  if (idle_) stream_.abort();
}

asio::awaitable<Connection::Head> Connection::read_head(RequestParser& parser, Clock::time_point idle_until) {
  std::optional<Clock::time_point> whole_by;
  for (;;) {
    if (!input_.empty()) {
      const auto taken = parser.take_head(input_);
      if (!taken) {
        co_await refuse(taken.error());
        co_return Head::kRefused;
      }
      if (*taken) co_return Head::kTaken;
      if (!whole_by) whole_by = Clock::now() + settings_.times.header;
    }
    idle_ = !whole_by;
    const auto end = co_await stream_.read(input_, kHeadPiece, whole_by.value_or(idle_until));
    idle_ = false;
    if (end == TimedStream::ReadEnd::kData) continue;
    // A TLS stream is of no use after a cancelled read; such a client sees the connection end.
    if (end == TimedStream::ReadEnd::kTimedOut && whole_by && !secure_) {
      const RequestFault late{408, "request_timeout", "The request's header came too slowly."};
      co_await refuse(late);
      co_return Head::kRefused;
    }
    co_return Head::kGone;
  }
}

asio::awaitable<Connection::Next> Connection::serve_one(RequestParser& parser,
                                                        std::optional<Upgrade>& upgrade) {
  const auto asked = Clock::now();
  Request request = parser.take_request();
  complete(request);
  ConnectionBody body(stream_, input_, parser, settings_.times);
  Response response = co_await ask(request, body);
  if (response.websocket && !request.upgrade) {
    response = problem(426, "upgrade_required", "This address speaks WebSocket only.", request.request_id);
    response.headers.emplace_back("Upgrade", "websocket");
  }
  if (response.websocket) {
    log_answer(request, 101, asked);
    upgrade.emplace(stream_.release(), parser.upgrade_request(), std::move(response.websocket_subprotocol),
                    std::move(input_), std::move(response.websocket));
    co_return Next::kUpgrade;
  }

  bool keep_alive = parser.keep_alive() && !parser.http_1_0() && body.worth_discarding() && !ending_;
  const unsigned status = response.status;
  const bool sent = co_await send(request, response, keep_alive, parser.http_1_0());
  log_answer(request, status, asked);
  if (!sent) co_return Next::kGone;
  if (!keep_alive) co_return Next::kClose;
  const bool ready = co_await body.discard();
  co_return ready ? Next::kRequest : Next::kClose;
}

asio::awaitable<Response> Connection::ask(const Request& request, BodyReader& body) {
  std::exception_ptr escaped;
  try {
    co_return co_await handler_(request, body);
  } catch (...) {
    escaped = std::current_exception();
  }
  const auto cancellation = co_await asio::this_coro::cancellation_state;
  if (cancellation.cancelled() != asio::cancellation_type::none) std::rethrow_exception(escaped);
  co_return failure_answer(request, escaped);
}

Response Connection::failure_answer(const Request& request, std::exception_ptr failure) const {
  const runtime::LogIds ids{.request = request.request_id};
  const Error unavailable{ErrorCode::kUnavailable,
                          "The service cannot answer right now. Try again in a moment."};
  std::string reason = "unknown";
  try {
    std::rethrow_exception(failure);
  } catch (const runtime::PoolFull&) {
    runtime::log_warning(
        ids, fmt::format("{} {}: too much work is waiting", to_string(request.method), request.path));
    return problem(unavailable, request.request_id);
  } catch (const std::exception& error) {
    reason = error.what();
    if (settings_.is_outage && settings_.is_outage(error)) {
      runtime::log_error(ids, fmt::format("{} {}: {}", to_string(request.method), request.path, reason));
      return problem(unavailable, request.request_id);
    }
  } catch (...) {
    reason = "not a standard exception";
  }
  runtime::log_error(ids, fmt::format("{} {}: {}", to_string(request.method), request.path, reason));
  return problem(500, "internal_error",
                 "Something went wrong here. Its cause is in the log under this request id.",
                 request.request_id);
}

asio::awaitable<bool> Connection::send(const Request& request, Response& response, bool& keep_alive,
                                       bool http_1_0) {
  const HeadFacts facts{
      .request_id = request.request_id, .secure = secure_, .keep_alive = keep_alive, .http_1_0 = http_1_0};
  std::string head = response_head(response, facts);
  const bool bodiless = request.method == Method::kHead || response.status == 204 || response.status == 304;
  if (bodiless) co_return co_await stream_.write(head, settings_.times.idle);
  if (response.stream) {
    if (!co_await stream_.write(head, settings_.times.idle)) co_return false;
    const StreamEnd end =
        co_await send_stream(stream_, input_, std::move(response.stream), !http_1_0, settings_.times.idle);
    if (end != StreamEnd::kWhole) keep_alive = false;
    if (end == StreamEnd::kCutOff) stream_.reset();  // nothing more reaches whoever may not have it
    co_return end != StreamEnd::kCutOff;
  }
  const std::string_view body = bytes_of(response);
  if (body.size() <= kOneWriteBytes) {
    head += body;
    co_return co_await stream_.write(head, settings_.times.idle);
  }
  if (!co_await stream_.write(head, settings_.times.idle)) co_return false;
  co_return co_await stream_.write(body, settings_.times.idle);
}

asio::awaitable<void> Connection::refuse(const RequestFault& fault) {
  const std::string request_id = runtime::new_uuid().str();
  runtime::log_info({.request = request_id},
                    fmt::format("{} from {}: {}", fault.status, remote_address_, fault.message));
  const Response response = problem(fault.status, fault.code, fault.message, request_id);
  const HeadFacts facts{.request_id = request_id, .secure = secure_, .keep_alive = false, .http_1_0 = false};
  const std::string answer = response_head(response, facts) + response.body;
  co_await stream_.write(answer, settings_.times.drain);
}

asio::awaitable<void> Connection::close_gently() {
  idle_ = true;  // nothing is lost when the server's stop cuts this short
  co_await stream_.linger(limits::kHttpDrainBytes, Clock::now() + settings_.times.drain);
}

void Connection::complete(Request& request) const {
  request.request_id = runtime::new_uuid().str();
  request.remote_address = remote_address_;
  request.secure = secure_;
  request.peer_certificate = peer_certificate_;
}

// One line for every request that was refused; answers by route are the metrics' business, failures have
// their line.
void Connection::log_answer(const Request& request, unsigned status, Clock::time_point asked) const {
  if (status < 400 || status >= 500) return;
  const auto took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - asked);
  runtime::log_info({.request = request.request_id},
                    fmt::format("{} {} {} from {} in {} us", to_string(request.method), request.path, status,
                                remote_address_, took.count()));
}

}  // namespace runbook::http
