// What controller and agent say to each other, and what both use to read it.
#include <algorithm>
#include <string>
#include <vector>

#include "protocol/messages/control.hpp"
#include "protocol/messages/dispatch_digest.hpp"
#include "protocol/messages/dispatch_signature.hpp"
#include "protocol/messages/frame.hpp"
#include "protocol/messages/json.hpp"
#include "protocol/messages/limits.hpp"
#include "protocol/messages/masker.hpp"
#include "protocol/messages/time.hpp"
#include "protocol/messages/uuid.hpp"
#include "tests/fuzz/fuzz_target.hpp"

namespace runbook::fuzz {

void fuzz_frame(std::string_view input) {
  const auto frame = decode_frame(input);
  if (!frame) return;
  require(!frame->data.empty() && frame->data.size() <= limits::kFrameDataBytes, "a frame is bounded");
  const auto again = decode_frame(encode_frame(frame->attempt, frame->stream, frame->offset, frame->data));
  require(again.has_value() && *again == *frame, "a frame that is read is written so that it reads the same");
}

namespace {

// Says that encode() and `decode` agree from the first reading on.
template <class Message, class Decode>
void check_message(std::string_view input, Decode decode) {
  const Result<Message> message = decode(input);
  if (!message) return;
  const auto text = encode(*message);
  const Result<Message> again = decode(text);
  require(again.has_value(), "a message that was read can be written and read");
  require(encode(*again) == text, "and says the same");
}

}  // namespace

void fuzz_agent_message(std::string_view input) { check_message<AgentMessage>(input, &decode_agent_message); }

void fuzz_controller_message(std::string_view input) {
  check_message<ControllerMessage>(input, &decode_controller_message);
  const auto message = decode_controller_message(input);
  if (!message) return;
  const auto* run = std::get_if<RunCommand>(&*message);
  if (run == nullptr) return;
  const auto leaf = leaf_digest(leaf_of(*run, run->execution));
  require(leaf.size() == 64 && leaf == leaf_digest(leaf_of(*run, run->execution)), "a leaf has one digest");
  static const auto kVerifier = DispatchVerifier::of(DispatchKey::create().public_key());
  require(!kVerifier->accepts(*run, {.agent = run->execution, .incarnation = run->step}),
          "nobody guesses a signature");
}

void fuzz_json(std::string_view input) {
  require(is_utf8(to_utf8(input)), "to_utf8() makes UTF-8");
  require(pointer_token(input).size() >= input.size(), "escapes make nothing shorter");
  const auto value = parse_json(input);
  if (!value) return;
  require(is_utf8(input), "JSON is UTF-8");
  const auto canonical = canonical_json(*value);
  if (!canonical) return;
  const auto again = parse_json(*canonical);
  require(again.has_value(), "canonical JSON is JSON");
  // A double such as 6e18 is written without an exponent, and read back it is an integer beyond 2^53.
  const auto same = canonical_json(*again);
  if (same) require(*same == *canonical, "canonical JSON is its own canonical form");
  require(sha256_hex(*canonical).size() == 64, "a digest has 64 digits");
}

// The first line says where to cut, the second holds the secret, the rest is the output.
void fuzz_masker(std::string_view input) {
  const auto first = input.find('\n');
  if (first == std::string_view::npos) return;
  const auto cuts = input.substr(0, first);
  const auto rest = input.substr(first + 1);
  const auto second = rest.find('\n');
  if (second == std::string_view::npos) return;
  const std::string secret(rest.substr(0, second));
  const auto text = rest.substr(second + 1);
  const Masker masker({secret, std::string(cuts)});
  const auto whole = masker.mask(text);
  require(whole.size() <= text.size(), "masking makes nothing longer");
  const auto begin = secret.find_first_not_of(" \t\r\n");
  const auto end = secret.find_last_not_of(" \t\r\n");
  const auto core = begin == std::string::npos ? std::string() : secret.substr(begin, end - begin + 1);
  if (core.size() >= limits::kMaskedBytesLeast && core.find('*') == std::string::npos) {
    require(whole.find(core) == std::string::npos, "a secret is not shown");
  }
  MaskingStream stream(masker);
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 0; at < text.size(); ++i) {
    const auto byte = cuts.empty() ? std::size_t{1} : static_cast<unsigned char>(cuts[i % cuts.size()]) % 17U;
    const auto bytes = std::min(text.size() - at, std::max<std::size_t>(1, byte));
    stream.feed(text.substr(at, bytes), out);
    at += bytes;
  }
  stream.finish(out);
  require(out == whole, "how the bytes are cut changes nothing");
}

void fuzz_texts(std::string_view input) {
  if (const auto id = Uuid::parse(input)) {
    require(Uuid::parse(id->str()) == id, "an id reads as it is written");
  }
  if (const auto time = parse_rfc3339(input)) {
    require(parse_rfc3339(rfc3339(*time)) == time, "a time reads as it is written");
  }
}

}  // namespace runbook::fuzz
