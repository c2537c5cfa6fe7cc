// What strangers send to the public listener, and addresses that API blocks may not reach.
#include <string>

#include "controller/domain/network_guard.hpp"
#include "controller/engine/http_request.hpp"
#include "controller/http/request_parser.hpp"
#include "controller/http/target.hpp"
#include "controller/live/live_request.hpp"
#include "controller/store/page.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace runbook::fuzz {

namespace {

struct Parsed {
  unsigned refused = 0;  // the status; 0: taken
  bool whole = false;
  std::string path = {};
  std::string body = {};
};

// The request as it is read when it arrives in pieces of this size.
Parsed parse(std::string_view input, std::size_t piece) {
  http::RequestParser parser;
  std::string pending;
  Parsed parsed;
  bool head = false;
  for (std::size_t at = 0; at <= input.size(); at += piece) {
    pending += input.substr(at, piece);
    if (!head) {
      const auto taken = parser.take_head(pending);
      if (!taken) return {.refused = taken.error().status};
      if (!*taken) continue;
      head = true;
      parsed.path = parser.take_request().path;
    }
    const auto taken = parser.take_body(pending, limits::kHttpBodyBytes);
    if (!taken) return {.refused = taken.error().status};
    parsed.whole = *taken;
    if (parsed.whole) break;
  }
  require(parser.body_bytes() <= limits::kHttpBodyBytes, "a body is bounded");
  if (parsed.whole) parsed.body = parser.take_text();
  return parsed;
}

}  // namespace

// However the bytes arrive, it is one and the same request: two readers of it cannot disagree.
void fuzz_http_request(std::string_view input) {
  const auto whole = parse(input, input.size() + 1);
  const auto pieces = parse(input, 7);
  require(whole.refused == pieces.refused, "pieces are refused as the whole is");
  require(whole.whole == pieces.whole && whole.path == pieces.path, "pieces make the same request");
  require(whole.body == pieces.body, "with the same body");
  if (!whole.path.empty()) require(whole.path.front() == '/', "a path begins with /");
}

void fuzz_http_target(std::string_view input) {
  const auto target = http::parse_target(input);
  if (!target) return;
  require(is_utf8(target->path), "a path is UTF-8");
  for (const char c : target->path) {
    require(static_cast<unsigned char>(c) >= ' ' && c != '\x7F', "a path has no control characters");
  }
}

void fuzz_live_request(std::string_view input) {
  const auto request = live::read_live_request(input);
  if (!request) return;
  if (const auto* subscribe = std::get_if<live::Subscribe>(&*request)) {
    require(subscribe->from.size() <= live::kFromEntries, "a subscription is bounded");
  }
}

void fuzz_cursor(std::string_view input) {
  for (std::size_t parts = 1; parts <= 3; ++parts) {
    const auto key = store::decode_cursor(input, parts);
    if (!key) continue;
    require(key->size() == parts, "a cursor has the parts that were asked for");
    const auto again = store::decode_cursor(store::encode_cursor(*key), parts);
    require(again.has_value() && *again == *key, "a cursor reads as it is written");
  }
  static_cast<void>(store::decode_time_cursor(std::string(input)));
}

void fuzz_network(std::string_view input) {
  if (const auto address = domain::IpAddress::parse(input)) {
    require(domain::IpAddress::parse(address->str()) == address, "an address reads as it is written");
    const auto kind = domain::not_public(*address);
    require(kind.has_value() == domain::refusal(*address, {}).has_value(), "what is not public is refused");
    const domain::Network own{*address, 128};
    require(!domain::refusal(*address, {own}), "what is listed is not");
  }
  if (const auto network = domain::Network::parse(input)) {
    require(network->contains(network->address), "a network holds its own address");
    require(network->prefix >= 0 && network->prefix <= 128, "a prefix is bounded");
  }
  const auto origin = engine::HttpOrigin::of(std::string(input));
  if (!origin) return;
  require(origin->scheme == "http" || origin->scheme == "https", "an origin is http or https");
  const auto again = engine::HttpOrigin::of(origin->scheme + "://" + origin->authority() + "/");
  require(!again.has_value() || *again == *origin, "an origin is its own");
}

}  // namespace runbook::fuzz
