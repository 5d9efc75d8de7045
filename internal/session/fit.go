// What a server says, made fit to be shown: in a condition, an event, a log.

package session

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"html"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

const (
	// shownBytes bounds what Fit returns: an event takes 1,024 bytes, and a condition is read by people.
	shownBytes = 1000
	// readBytes is how much of a text is looked at. Of what follows, nothing could be shown.
	readBytes = 64 << 10
	// shortestSecret is the length below which a value stands in texts by chance.
	shortestSecret = 4
	// shortestStart is how many characters of a secret that is cut short are one.
	shortestStart = 8
	redacted      = "[redacted]"
	more          = "…"
)

// Fit makes a text that a server had a hand in fit to be shown: secrets are replaced, also where they are escaped for XML, JSON or URLs, in
// base64, in other case, broken over lines, or cut short at the end; what terminals and logs would obey is taken out; and it is cut.
func Fit(text string, secrets ...xmlapi.Secret) string { return FitFor(nil, text, secrets...) }

// FitFor is Fit for somebody who has written some texts themselves, asked for where there is something to replace. What repeats those stays as it is, whatever the secrets are: else whoever
// may write a text and read what becomes of it could guess a secret piece by piece.
func FitFor(written func() []string, text string, secrets ...xmlapi.Secret) string {
	unread := len(text) > readBytes
	text = strings.TrimSpace(visible(text[:min(len(text), readBytes)]))
	var found []span
	longest := 0
	views := viewsOf(text, secrets)
	for _, s := range secrets {
		if len(s) < shortestSecret {
			continue
		}
		longest = max(longest, len(s))
		whole := visible(s.Reveal())
		needles := []string{whole}
		if narrow := strings.ReplaceAll(whole, " ", ""); narrow != whole && len(narrow) >= shortestSecret {
			needles = append(needles, narrow)
		}
		if len(text) >= len(s) { // else it is too short for base64
			needles = append(needles, base64Forms(s.Reveal())...)
		}
		for _, needle := range needles {
			for _, v := range views {
				found = append(found, v.find(lower([]byte(needle)))...)
			}
		}
		if len(views) > 0 {
			found = append(found, views[0].cutShort(lower([]byte(whole)))...)
		}
	}
	text = replace(text, notWithin(found, views, written))
	if unread { // the beginning of a secret may stand at the end, with escapes
		text = cut(text, max(0, len(text)-8*longest))
	}
	return cut(text, shownBytes)
}

// viewsOf are the forms of a text that secrets are looked for in: first as it is shown, then without its escapes and blanks, where it has any.
func viewsOf(text string, secrets []xmlapi.Secret) []view {
	if text == "" || len(secrets) == 0 {
		return nil
	}
	views := []view{asShown(text)}
	for _, e := range []struct {
		begins   byte
		escape   *regexp.Regexp
		unescape func(string) string
	}{{'&', entity, unescapeXML}, {'%', percent, unescapeURL}, {'\\', backslash, unescapeJSON}} {
		if strings.IndexByte(text, e.begins) >= 0 && e.escape.MatchString(text) {
			views = append(views, views[0].decoded(e.escape, e.unescape))
		}
	}
	if strings.IndexByte(text, ' ') >= 0 {
		for _, v := range views {
			views = append(views, v.squeezed())
		}
	}
	for _, v := range views {
		lower(v.text)
	}
	return views
}

// Secrets returns what the session logs in with, for Fit.
func (s *Session) Secrets() []xmlapi.Secret { return s.Client.Secrets() }

// visible drops what has no width and turns line ends and tabs into blanks.
func visible(text string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsSpace(r):
			return ' '
		case unicode.In(r, unicode.Cc, unicode.Cf): // control characters; joiners, marks of direction and the like
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}

// view is a text in another form, and for each byte of it the span of the shown text that it stands for.
type view struct {
	text []byte
	of   []span
}

// span is a part of a text, from a byte to the one behind its last.
type span struct{ from, to int }

func asShown(text string) view {
	v := view{text: []byte(text), of: make([]span, len(text))}
	for i := range v.of {
		v.of[i] = span{i, i + 1}
	}
	return v
}

func (v *view) add(b []byte, of span) {
	for range b {
		v.of = append(v.of, of)
	}
	v.text = append(v.text, b...)
}

// squeezed leaves out all blanks.
func (v view) squeezed() view {
	var out view
	for i, b := range v.text {
		if b != ' ' {
			out.add(v.text[i:i+1], v.of[i])
		}
	}
	return out
}

var (
	entity    = regexp.MustCompile(`&(?:lt|gt|amp|quot|apos|#[0-9]{1,7}|#x[0-9A-Fa-f]{1,6});`)
	percent   = regexp.MustCompile(`%[0-9A-Fa-f]{2}`)
	backslash = regexp.MustCompile(`\\(?:u[0-9A-Fa-f]{4}|["\\/])`)
)

func unescapeXML(s string) string { return visible(html.UnescapeString(s)) }

func unescapeURL(s string) string {
	b, _ := hex.DecodeString(s[1:]) // the expression takes nothing else
	return string(b)                // a part of a character, perhaps
}

func unescapeJSON(s string) string {
	if len(s) == 2 {
		return s[1:]
	}
	r, _ := strconv.ParseUint(s[2:], 16, 16) // the expression takes nothing else
	return visible(string(rune(r)))
}

// decoded has in the place of each escape what it stands for.
func (v view) decoded(escape *regexp.Regexp, unescape func(string) string) view {
	var out view
	end := 0
	for _, at := range escape.FindAllIndex(v.text, -1) {
		for i := end; i < at[0]; i++ {
			out.add(v.text[i:i+1], v.of[i])
		}
		out.add([]byte(unescape(string(v.text[at[0]:at[1]]))), span{v.of[at[0]].from, v.of[at[1]-1].to})
		end = at[1]
	}
	for i := end; i < len(v.text); i++ {
		out.add(v.text[i:i+1], v.of[i])
	}
	return out
}

// lower makes ASCII letters small, in place.
func lower(b []byte) []byte {
	for i, c := range b {
		if 'A' <= c && c <= 'Z' {
			b[i] = c + 'a' - 'A'
		}
	}
	return b
}

// base64Forms are what a secret looks like in base64, wherever in the encoded text it begins: without the characters that others share.
func base64Forms(secret string) []string {
	var out []string
	for before := range 3 {
		text := base64.RawStdEncoding.EncodeToString(append(make([]byte, before), secret...))
		form := text[(before*8+5)/6 : (before+len(secret))*8/6]
		if len(form) >= shortestSecret {
			out = append(out, form, strings.NewReplacer("+", "-", "/", "_").Replace(form))
		}
	}
	return out
}

// notWithin drops the spans that lie within a text that the reader has written.
func notWithin(found []span, views []view, written func() []string) []span {
	if len(found) == 0 || written == nil {
		return found
	}
	var own []span
	for _, w := range written() {
		needle := lower([]byte(strings.TrimSpace(visible(w))))
		if len(needle) < shortestSecret {
			continue
		}
		for _, v := range views {
			own = append(own, v.find(needle)...)
		}
	}
	return slices.DeleteFunc(found, func(f span) bool {
		return slices.ContainsFunc(own, func(o span) bool { return o.from <= f.from && f.to <= o.to })
	})
}

// cutShort returns where the beginning of a secret stands at the end. A few characters of one stand there by chance, and would tell who
// tries them that they are the first: half of the secret has to be there.
func (v view) cutShort(needle []byte) []span {
	for n := min(len(needle)-1, len(v.text)); n >= max(shortestStart, (len(needle)+1)/2); n-- {
		if bytes.HasSuffix(v.text, needle[:n]) {
			return []span{{v.of[len(v.text)-n].from, v.of[len(v.text)-1].to}}
		}
	}
	return nil
}

// find returns where a text stands, in the text that is shown.
func (v view) find(needle []byte) []span {
	if len(needle) == 0 {
		return nil
	}
	var out []span
	for from := 0; ; {
		i := bytes.Index(v.text[from:], needle)
		if i < 0 {
			return out
		}
		from += i
		out = append(out, span{v.of[from].from, v.of[from+len(needle)-1].to})
		from++ // occurrences may overlap
	}
}

// replace puts a word in the place of each span; those that overlap or touch are one.
func replace(text string, found []span) string {
	slices.SortFunc(found, func(a, b span) int { return a.from - b.from })
	var out strings.Builder
	end := 0
	for i := 0; i < len(found); {
		from, to := found[i].from, found[i].to
		for i++; i < len(found) && found[i].from <= to; i++ {
			to = max(to, found[i].to)
		}
		out.WriteString(text[end:from])
		out.WriteString(redacted)
		end = to
	}
	out.WriteString(text[end:])
	return out.String()
}

// cut shortens a text that is longer than some bytes, between two characters.
func cut(text string, bytes int) string {
	if len(text) <= bytes {
		return text
	}
	end := max(0, bytes-len(more))
	for !utf8.RuneStart(text[end]) {
		end--
	}
	return text[:end] + more
}
