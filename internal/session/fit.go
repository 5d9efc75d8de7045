// Fit to show: a text of a server's without secrets and control characters, in bounds.

package session

import (
	"cmp"
	"encoding/xml"
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
		v := s.Reveal()
		if len(v) < shortestSecret {
			continue
		}
		var escaped strings.Builder
		_ = xml.EscapeText(&escaped, []byte(v)) // a builder takes everything
		values = append(values, v, escaped.String())
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

// Secrets are the session's own credentials, which no text may show.
func (s *Session) Secrets() []xmlapi.Secret { return nil }
