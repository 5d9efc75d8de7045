// Fit to show: a text of a server's without secrets and control characters, in bounds.

package session

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// maxFit is how many bytes of a text are shown: an event holds a kilobyte.
const maxFit = 1000

// shortestSecret is what is looked for in texts: shorter values stand in ordinary words.
const shortestSecret = 4

// Fit takes the secrets out of a text, as they are and as XML writes them, drops control characters, and bounds it to 1,000 bytes.
func Fit(text string, secrets ...xmlapi.Secret) string {
	var values []string
	for _, s := range secrets {
		if v := s.Reveal(); len(v) >= shortestSecret {
			values = append(values, spellings(v)...)
		}
	}
	slices.SortFunc(values, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	for _, v := range values {
		text = strings.ReplaceAll(text, v, "[redacted]")
	}
	text = strings.Map(func(r rune) rune {
		if unicode.IsControl(r) || r == utf8.RuneError {
			return ' '
		}
		return r
	}, text)
	if len(text) <= maxFit {
		return text
	}
	cut := maxFit - len("…")
	for !utf8.RuneStart(text[cut]) {
		cut--
	}
	return text[:cut] + "…"
}

// spellings are a value, and the ways in which XML and HTML write it: quotes and > may stand as they are, and have several names.
func spellings(value string) []string {
	out := []string{value}
	if !strings.ContainsAny(value, `&<>"'`) {
		return out
	}
	for _, greater := range []string{">", "&gt;"} {
		for _, double := range []string{`"`, "&quot;", "&#34;"} {
			for _, single := range []string{"'", "&apos;", "&#39;", "&#039;"} {
				out = append(out, strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", greater, `"`, double, "'", single).Replace(value))
			}
		}
	}
	return out
}

// Secrets are the session's own credentials, which no text may show.
func (s *Session) Secrets() []xmlapi.Secret { return s.Client.Secrets() }
