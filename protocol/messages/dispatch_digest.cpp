#include "protocol/messages/dispatch_digest.hpp"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <new>

#include "protocol/messages/json.hpp"

namespace runbook {
namespace {

constexpr std::int64_t kSafeInteger = std::int64_t{1} << 53;
constexpr int kFixedDigits = 21;  // ECMAScript writes numbers from 1e21 on with an exponent,
constexpr int kSmallZeros = -6;   // and those below 1e-6

// Of well-formed UTF-8.
std::u16string utf16(std::string_view text) {
  std::u16string units;
  units.reserve(text.size());
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const auto lead = static_cast<unsigned char>(text.front());
    char32_t character = length == 1 ? lead : static_cast<char32_t>(lead & (0x7F >> length));
    for (std::size_t i = 1; i < length; ++i) {
      character = (character << 6) | (static_cast<unsigned char>(text[i]) & 0x3F);
    }
    text.remove_prefix(length);
    if (character >= 0x10000) {
      units.push_back(static_cast<char16_t>(0xD800 + ((character - 0x10000) >> 10)));
      units.push_back(static_cast<char16_t>(0xDC00 + ((character - 0x10000) & 0x3FF)));
    } else {
      units.push_back(static_cast<char16_t>(character));
    }
  }
  return units;
}

// Writes a JSON value; the first fault ends the writing.
class CanonicalWriter {
 public:
  bool write(const boost::json::value& value) {
    switch (value.kind()) {
      case boost::json::kind::null: return literal("null");
      case boost::json::kind::bool_: return literal(value.get_bool() ? "true" : "false");
      case boost::json::kind::int64: return integer(value.get_int64());
      case boost::json::kind::uint64:
        if (value.get_uint64() > static_cast<std::uint64_t>(kSafeInteger)) return too_large();
        return integer(static_cast<std::int64_t>(value.get_uint64()));
      case boost::json::kind::double_: return number(value.get_double());
      case boost::json::kind::string: return text(value.get_string());
      case boost::json::kind::array: return array(value.get_array());
      case boost::json::kind::object: return object(value.get_object());
    }
    return false;
  }

  std::string take() { return std::move(out_); }
  const std::string& fault() const { return fault_; }

 private:
  bool fail(std::string_view why) {
    fault_ = why;
    return false;
  }
  bool too_large() { return fail("An integer beyond 2^53 has no canonical form."); }
  bool literal(std::string_view word) {
    out_ += word;
    return true;
  }

  bool integer(std::int64_t value) {
    if (value > kSafeInteger || value < -kSafeInteger) return too_large();
    return literal(std::to_string(value));
  }

  // ECMAScript's Number::toString: the shortest digits that read back as the same number.
  bool number(double value) {
    if (!std::isfinite(value)) return fail("Only finite numbers have a canonical form.");
    if (value == 0) return literal("0");
    if (value < 0) out_.push_back('-');
    std::array<char, 40> buffer{};
    const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), std::fabs(value),
                                   std::chars_format::scientific);
    const std::string_view written(buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data()));
    const auto mark = written.find('e');
    std::string digits(written.substr(0, mark));
    std::erase(digits, '.');
    const bool minus = written[mark + 1] == '-';
    int exponent = 0;
    std::from_chars(written.data() + mark + 2, end.ptr, exponent);
    place(digits, (minus ? -exponent : exponent) + 1);
    return true;
  }

  // 0.digits × 10^point in ECMAScript's notation.
  void place(const std::string& digits, int point) {
    const int count = static_cast<int>(digits.size());
    if (point >= count && point <= kFixedDigits) {
      out_ += digits + std::string(static_cast<std::size_t>(point - count), '0');
    } else if (point > 0 && point <= kFixedDigits) {
      const auto whole = static_cast<std::size_t>(point);
      out_ += digits.substr(0, whole) + "." + digits.substr(whole);
    } else if (point > kSmallZeros && point <= 0) {
      out_ += "0." + std::string(static_cast<std::size_t>(-point), '0') + digits;
    } else {
      out_ += digits.substr(0, 1);
      if (count > 1) out_ += "." + digits.substr(1);
      out_ += (point > 0 ? "e+" : "e-") + std::to_string(std::abs(point - 1));
    }
  }

  bool text(std::string_view value) {
    if (!is_utf8(value)) return fail("Text that is not UTF-8 has no canonical form.");
    out_.push_back('"');
    for (const char c : value) escape(c);
    out_.push_back('"');
    return true;
  }

  void escape(char c) {
    static constexpr std::string_view kDigits = "0123456789abcdef";
    switch (c) {
      case '"': out_ += "\\\""; return;
      case '\\': out_ += "\\\\"; return;
      case '\b': out_ += "\\b"; return;
      case '\f': out_ += "\\f"; return;
      case '\n': out_ += "\\n"; return;
      case '\r': out_ += "\\r"; return;
      case '\t': out_ += "\\t"; return;
      default: break;
    }
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x20) {
      out_.push_back(c);
    } else {
      out_ += "\\u00";
      out_.push_back(kDigits[byte >> 4]);
      out_.push_back(kDigits[byte & 0xF]);
    }
  }

  bool array(const boost::json::array& items) {
    out_.push_back('[');
    for (std::size_t i = 0; i < items.size(); ++i) {
      if (i > 0) out_.push_back(',');
      if (!write(items[i])) return false;
    }
    out_.push_back(']');
    return true;
  }

  bool object(const boost::json::object& members) {
    std::vector<std::pair<std::u16string, const boost::json::key_value_pair*>> sorted;
    sorted.reserve(members.size());
    for (const auto& member : members) {
      if (!is_utf8(member.key())) return fail("A name that is not UTF-8 has no canonical form.");
      sorted.emplace_back(utf16(member.key()), &member);
    }
    std::ranges::sort(sorted, {}, [](const auto& entry) -> const std::u16string& { return entry.first; });
    out_.push_back('{');
    for (std::size_t i = 0; i < sorted.size(); ++i) {
      if (i > 0) out_.push_back(',');
      text(sorted[i].second->key());
      out_.push_back(':');
      if (!write(sorted[i].second->value())) return false;
    }
    out_.push_back('}');
    return true;
  }

  std::string out_;
  std::string fault_;
};

// Everything that enters came through JSON or is an id or a digest, so it is well-formed.
std::string digest_of(const boost::json::object& object) {
  return sha256_hex(canonical_json(object).value());
}

// The same without the braces.
std::string members(const boost::json::object& object) {
  const auto text = canonical_json(object).value();
  return text.substr(1, text.size() - 2);
}

}  // namespace

Result<std::string> canonical_json(const boost::json::value& value) {
  CanonicalWriter writer;
  if (!writer.write(value)) return failure(ErrorCode::kInvalid, writer.fault());
  return writer.take();
}

std::string sha256_hex(std::string_view bytes) {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, EVP_sha256(), nullptr) != 1) {
    throw std::bad_alloc();  // SHA-256 itself cannot fail
  }
  std::string text;
  text.reserve(std::size_t{2} * length);
  for (unsigned i = 0; i < length; ++i) {
    text.push_back(kDigits[digest[i] >> 4]);
    text.push_back(kDigits[digest[i] & 0xF]);
  }
  return text;
}

std::string leaf_digest(const DispatchLeaf& leaf) { return LeafDigests(leaf).of(leaf.agent, {}); }

DispatchLeaf leaf_of(const RunCommand& run, const Uuid& agent) {
  DispatchLeaf leaf{.agent = agent,
                    .argv = run.argv,
                    .script = run.script,
                    .environment = run.environment,
                    .run_as = run.run_as,
                    .working_directory = run.working_directory};
  for (const auto& credential : run.credentials) leaf.credentials.push_back(credential.id);
  return leaf;
}

// The names of a leaf's members are in canonical order here: agent, argv, credentials, environment, run_as,
// script, working_directory.
LeafDigests::LeafDigests(const DispatchLeaf& shared) {
  boost::json::array argv(shared.argv.begin(), shared.argv.end());
  boost::json::array credentials;
  for (const auto& credential : shared.credentials) credentials.emplace_back(credential.str());
  for (const auto& [name, value] : shared.environment) environment_.emplace(name, sha256_hex(value));
  before_ = members({{"argv", std::move(argv)}, {"credentials", std::move(credentials)}});
  after_ = members({{"run_as", shared.run_as},
                    {"script", shared.script},
                    {"working_directory", shared.working_directory}});
}

std::string LeafDigests::of(const Uuid& agent, const std::map<std::string, std::string>& environment) const {
  boost::json::object values;
  for (const auto& [name, digest] : environment_) values[name] = digest;
  for (const auto& [name, value] : environment) values[name] = sha256_hex(value);
  const auto first = members({{"agent", agent.str()}});
  const auto own = members({{"environment", std::move(values)}});
  return sha256_hex("{" + first + "," + before_ + "," + own + "," + after_ + "}");
}

std::string root_digest(const Uuid& execution, const Uuid& version, const Uuid& step,
                        const std::vector<std::string>& leaves) {
  return digest_of({{"execution", execution.str()},
                    {"version", version.str()},
                    {"step", step.str()},
                    {"leaves", boost::json::array(leaves.begin(), leaves.end())}});
}

}  // namespace runbook
