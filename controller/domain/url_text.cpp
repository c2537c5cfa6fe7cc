#include "controller/domain/url_text.hpp"

#include <boost/url/parse.hpp>
#include <fmt/format.h>

#include <algorithm>

#include "protocol/messages/limits.hpp"

namespace runbook::domain {

namespace {

bool is_unreserved(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '.' ||
         c == '_' || c == '~';
}

// Where the path, query or fragment begins; nothing when the text is no http or https URL.
std::optional<std::size_t> authority_end(std::string_view text) {
  std::string scheme(text.substr(0, text.find(':')));
  std::ranges::transform(scheme, scheme.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  constexpr std::string_view kSlashes = "://";
  if ((scheme != "http" && scheme != "https") || !text.substr(scheme.size()).starts_with(kSlashes)) {
    return std::nullopt;
  }
  return std::min(text.find_first_of("/?#", scheme.size() + kSlashes.size()), text.size());
}

// `text` with a letter for every placeholder.
std::string plain(std::string_view text, const std::vector<Placeholder>& placeholders) {
  std::string url;
  std::size_t behind = 0;
  for (const auto& place : placeholders) {
    url.append(text, behind, place.begin - behind).push_back('x');
    behind = place.end;
  }
  return url.append(text.substr(behind));
}

std::optional<std::string> url_fault(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) {
    return "this is no URL (RFC 3986): blanks, letters beyond ASCII and a % of its own are written as %XX";
  }
  if (parsed->has_userinfo()) return "a URL must not hold a user name or password";
  if (parsed->encoded_host().empty()) return "a URL needs a host";
  constexpr int kMostPort = 65535;
  const bool bad_port = parsed->has_port() && !parsed->port().empty() &&
                        (parsed->port_number() == 0 || std::string_view(parsed->port()).size() > 5 ||
                         std::stoi(std::string(parsed->port())) > kMostPort);
  if (bad_port) return "the port must be from 1 to 65535";
  if (parsed->has_fragment()) return "a fragment (#…) is never sent; leave it out";
  return std::nullopt;
}

// How many segments of the path lead to the same or the upper folder, however they are spelled.
std::size_t dot_segments(const std::string& url) {
  const auto parsed = boost::urls::parse_uri(url);
  if (!parsed) return 0;
  const auto segments = parsed->segments();
  return static_cast<std::size_t>(std::ranges::count_if(
      segments.begin(), segments.end(), [](const std::string& each) { return each == "." || each == ".."; }));
}

}  // namespace

std::string percent_encoded(std::string_view value) {
  std::string encoded;
  for (const char c : value) {
    if (is_unreserved(c)) {
      encoded.push_back(c);
    } else {
      encoded += fmt::format("%{:02X}", static_cast<unsigned char>(c));
    }
  }
  return encoded;
}

std::optional<TextError> judge_url(std::string_view text, const std::vector<Placeholder>& placeholders) {
  const auto end = authority_end(text);
  const bool leads = !placeholders.empty() && placeholders.front().begin < end.value_or(text.size());
  if (leads) {
    return TextError{
        "${{ }} cannot stand in the scheme or host of a URL; write them out, and use it in the path, "
        "the query, headers or the body",
        placeholders.front().at};
  }
  if (!end) return TextError{"a URL begins with http:// or https://"};
  if (auto fault = url_fault(plain(text, placeholders))) return TextError{std::move(*fault)};
  return std::nullopt;
}

Result<std::string> finish_url(std::string_view text, const std::vector<Placeholder>& placeholders,
                               std::string url, const std::map<std::string, std::string>& query) {
  if (dot_segments(url) != dot_segments(plain(text, placeholders))) {
    return failure(ErrorCode::kInvalid,
                   "url: a value makes a segment of the path \".\" or \"..\", which leads elsewhere");
  }
  bool first = url.find('?') == std::string::npos;
  for (const auto& [name, value] : query) {
    url += fmt::format("{}{}={}", first ? '?' : '&', percent_encoded(name), percent_encoded(value));
    first = false;
  }
  if (url.size() > limits::kUrlBytes) {
    return failure(
        ErrorCode::kInvalid,
        fmt::format("url: with its values in place it is longer than {} bytes", limits::kUrlBytes));
  }
  return url;
}

}  // namespace runbook::domain
