// What is shown of a server's texts, by examples and by chance.

package session

import (
	"encoding/base64"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestFit(t *testing.T) {
	long := strings.Repeat("x", 5000)
	for name, c := range map[string]struct {
		text, want string
		secrets    []xmlapi.Secret
	}{
		"nothing to do":           {"Domain does not exist.", "Domain does not exist.", []xmlapi.Secret{"hunter2!"}},
		"the password":            {"the password 'hunter2!' is too weak: hunter2!", "the password '[redacted]' is too weak: [redacted]", []xmlapi.Secret{"hunter2!"}},
		"several":                 {"alpha-1 and bravo-2", "[redacted] and [redacted]", []xmlapi.Secret{"alpha-1", "bravo-2"}},
		"one within another":      {"hunter2-long and hunter2", "[redacted] and [redacted]", []xmlapi.Secret{"hunter2", "hunter2-long"}},
		"overlapping":             {"abcdefgh", "[redacted]", []xmlapi.Secret{"abcdef", "efgh"}},
		"over itself":             {"xababababx", "x[redacted]x", []xmlapi.Secret{"ababab"}},
		"escaped":                 {`<passwd>a&lt;b&quot;c&amp;d'e</passwd>`, `<passwd>[redacted]</passwd>`, []xmlapi.Secret{`a<b"c&d'e`}},
		"escaped by numbers":      {`a&lt;b&#34;c&amp;d&#39;e`, `[redacted]`, []xmlapi.Secret{`a<b"c&d'e`}},
		"broken over lines":       {"value: hunt\r\n er2!", "value: [redacted]", []xmlapi.Secret{"hunter2!"}},
		"split by what is unseen": {"hunt\u200ber\x002!", "[redacted]", []xmlapi.Secret{"hunter2!"}},
		"a secret of lines":       {"-----BEGIN KEY----- MIIE abcd -----END KEY-----", "[redacted]", []xmlapi.Secret{"-----BEGIN KEY-----\nMIIE\nabcd\n-----END KEY-----\n"}},
		"escaped for JSON":        {`{"passwd":"a\"b\\c\u0026d\/e"}`, `{"passwd":"[redacted]"}`, []xmlapi.Secret{`a"b\c&d/e`}},
		"escaped for a URL":       {"https://admin:a%22b%5Cc%26d%c3%a9@web-01", "https://admin:[redacted]@web-01", []xmlapi.Secret{`a"b\c&dé`}},
		"in base64":               {"Basic " + base64.StdEncoding.EncodeToString([]byte("admin:hunter2!secret")), "Basic YWRtaW46[redacted]Q=", []xmlapi.Secret{"hunter2!secret"}},
		"in base64, further on":   {base64.RawURLEncoding.EncodeToString([]byte("a:~~~???hunter2")), "YTp-[redacted]", []xmlapi.Secret{"~~???hunter2"}},
		"in capitals":             {"HUNTER2! IS WEAK", "[redacted] IS WEAK", []xmlapi.Secret{"hunter2!"}},
		"cut short":               {"the password 'hunter2!lon", "the password '[redacted]", []xmlapi.Secret{"hunter2!long"}},
		"too short to be told":    {"a cat", "a cat", []xmlapi.Secret{"cat", "", "a  "}},
		"short words":             {"it is a b c, not abc", "it is [redacted], not abc", []xmlapi.Secret{"a b c"}},
		"control characters":      {"a\x1b[31mb\tc\r\nd\u202ee\x00", "a[31mb c  de", nil},
		"not UTF-8":               {"a\xffb", "a\uFFFDb", nil},
		"a long one":              {long, long[:shownBytes-len(more)] + more, nil},
		"just long enough":        {long[:shownBytes], long[:shownBytes], nil},
		"wide characters":         {strings.Repeat("日", 400), strings.Repeat("日", 332) + more, nil},
		"a secret at the cut":     {long[:shownBytes-10] + "hunter2!" + long, long[:shownBytes-10] + "[redact…"[:7] + more, []xmlapi.Secret{"hunter2!"}},
		"very long, and the beginning of a secret at the end of what is read": {strings.Repeat("hunter2!abc", 10_000), more, []xmlapi.Secret{"hunter2!abc"}},
		"a secret behind it": {long + "hunter2!", long[:shownBytes-len(more)] + more, []xmlapi.Secret{"hunter2!"}},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			have := Fit(c.text, c.secrets...)
			g.Expect(have).To(Equal(c.want))
			g.Expect(len(have)).To(BeNumerically("<=", shownBytes))
		})
	}
}

func TestSecretsOfASession(t *testing.T) {
	g := NewWithT(t)
	s := connect(t, start(t), 1, plesksim.DefaultPassword)
	g.Expect(s.Secrets()).To(Equal([]xmlapi.Secret{plesksim.DefaultPassword}))
	c, err := xmlapi.New(xmlapi.Config{URL: "https://web-01.example", SecretKey: "key-4711"})
	g.Expect(err).NotTo(HaveOccurred())
	g.Expect(New(Config{Client: c}).Secrets()).To(Equal([]xmlapi.Secret{"key-4711"}))
}

func FuzzFit(f *testing.F) {
	f.Add("the password hunter2! is weak", "hunter2!", "panel")
	f.Add("a&lt;b&#34;c\nd", `a<b"c`, "c d")
	f.Add(strings.Repeat("abab\x00", 400), "baba", "abab")
	f.Add("\xff\u202eabcd日日", "abcd日", "日日")
	f.Fuzz(func(t *testing.T, text, one, two string) {
		have := Fit(text, xmlapi.Secret(one), xmlapi.Secret(two))
		if !utf8.ValidString(have) || len(have) > shownBytes {
			t.Fatalf("%d bytes, %q", len(have), have)
		}
		if strings.ContainsFunc(have, func(r rune) bool { return unicode.In(r, unicode.Cc, unicode.Cf) }) {
			t.Errorf("it holds control characters: %q", have)
		}
		if plain := Fit(text); Fit(plain) != plain {
			t.Errorf("%q becomes %q", plain, Fit(plain))
		}
		for _, secret := range []string{one, two} {
			seen := visible(secret)
			if len(secret) < shortestSecret || len(seen) < shortestSecret || strings.Contains(redacted, seen) || strings.ContainsAny(seen, "[]"+more) {
				continue // what stands there may be ours
			}
			if strings.Contains(have, seen) {
				t.Errorf("%q holds %q", have, seen)
			}
		}
	})
}

// Whoever writes a text and reads what becomes of it learns nothing of a secret that it resembles.
func TestFitTellsNoGuessFromAnother(t *testing.T) {
	const secret = xmlapi.Secret("Sim-Plesk-w1-1")
	said := func(guess string) string {
		return FitFor(func() []string { return []string{guess} }, "customer/add: Plesk error 1019: the value is invalid: "+guess, secret)
	}
	for n := 1; n <= len(secret); n++ {
		right, wrong := string(secret[:n]), strings.Repeat("x", n)
		if got, want := said(right), strings.Replace(said(wrong), wrong, right, 1); got != want {
			t.Errorf("a guess of %d characters: %q", n, got)
		}
	}
	// What the server adds of its own is not the writer's.
	for _, text := range []string{"Sim-Plesk-w1-1 is wrong", "it is Sim-Plesk-w1-1", "%53im-Plesk-w1-1", "Sim-Plesk-w"} {
		if got := FitFor(func() []string { return []string{"Sim-P", "lesk-w1-1", "is wrong"} }, text, secret); strings.Contains(got, "lesk-w") {
			t.Errorf("%q is shown", got)
		}
	}
}

// A few characters at the end are not the beginning of a secret: they would say so of every guess.
func TestFitTakesNoChanceForACutSecret(t *testing.T) {
	for text, want := range map[string]string{"mail to Sim-": "mail to Sim-", "mail to Sim-Ple": "mail to Sim-Ple", "mail to Sim-Plesk": "mail to [redacted]"} {
		if got := Fit(text, "Sim-Plesk-w1-1"); got != want {
			t.Errorf("%q is shown as %q", text, got)
		}
	}
}
