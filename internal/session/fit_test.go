// Texts of a server that people are shown: without secrets and control characters, in bounds.

package session

import (
	"strings"
	"testing"
	"unicode/utf8"

	. "github.com/onsi/gomega"

	"github.com/plesk-operator/plesk-operator/internal/plesksim"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

func TestFit(t *testing.T) {
	long := strings.Repeat("ä", 600)
	for name, c := range map[string]struct {
		text    string
		secrets []xmlapi.Secret
		fit     string
	}{
		"nothing":                        {"", nil, ""},
		"an ordinary text":               {"Domain “acme” exists — 100 %", []xmlapi.Secret{"Birch-Tree"}, "Domain “acme” exists — 100 %"},
		"a secret":                       {"bad password Birch-Tree!", []xmlapi.Secret{"Birch-Tree"}, "bad password [redacted]!"},
		"a secret twice, and another":    {"Birch-Tree, Oak-Tree, Birch-Tree", []xmlapi.Secret{"Oak-Tree", "Birch-Tree"}, "[redacted], [redacted], [redacted]"},
		"a secret within another":        {"is Birch-Tree-2026", []xmlapi.Secret{"Birch-Tree", "Birch-Tree-2026"}, "is [redacted]"},
		"a secret as text of XML":        {"<passwd>a&lt;b&amp;\"c'</passwd>", []xmlapi.Secret{`a<b&"c'`}, "<passwd>[redacted]</passwd>"},
		"a secret as an attribute":       {`value="a&lt;b&amp;&quot;c&apos;"`, []xmlapi.Secret{`a<b&"c'`}, `value="[redacted]"`},
		"a secret as PHP writes it":      {`a&lt;b&amp;&quot;c&#039;&gt;`, []xmlapi.Secret{`a<b&"c'>`}, `[redacted]`},
		"a secret as Go writes it":       {`a&lt;b&amp;&#34;c&#39;`, []xmlapi.Secret{`a<b&"c'`}, `[redacted]`},
		"what is too short to be told":   {"a cat sat", []xmlapi.Secret{"cat", "a", ""}, "a cat sat"},
		"control characters":             {"a\x00b\x1b[31mc\r\n\td\u0085e", nil, "a b [31mc   d e"},
		"what is no UTF-8":               {"a\xffb", nil, "a b"},
		"a secret with a line end in it": {"is Birch\nTree", []xmlapi.Secret{"Birch\nTree"}, "is [redacted]"},
		"the most that is shown":         {strings.Repeat("x", 1000), nil, strings.Repeat("x", 1000)},
		"one more":                       {strings.Repeat("x", 1001), nil, strings.Repeat("x", 997) + "…"},
		"not within a letter":            {long, nil, strings.Repeat("ä", 498) + "…"},
		"a secret that the end would cut": {strings.Repeat("x", 990) + "Birch-Tree-2026", []xmlapi.Secret{"Birch-Tree-2026"},
			strings.Repeat("x", 990) + "[redacted]"},
	} {
		t.Run(name, func(t *testing.T) {
			g := NewWithT(t)
			fit := Fit(c.text, c.secrets...)
			g.Expect(fit).To(Equal(c.fit))
			g.Expect(utf8.ValidString(fit)).To(BeTrue())
			g.Expect(len(fit)).To(BeNumerically("<=", 1000))
		})
	}
}

// The session's own credentials are among what no text may show.
func TestSecretsOfASession(t *testing.T) {
	g := NewWithT(t)
	s := connect(t, start(t), 1, plesksim.DefaultPassword)
	g.Expect(Fit("login with "+plesksim.DefaultPassword+" refused", s.Secrets()...)).To(Equal("login with [redacted] refused"))
	c, err := xmlapi.New(xmlapi.Config{URL: "https://web-01.example:8443", SecretKey: "5f1c0d3e-key"})
	g.Expect(err).NotTo(HaveOccurred())
	s = New(Config{Name: "hosting/web-01", Client: c, Parallel: 1})
	t.Cleanup(s.close)
	g.Expect(Fit("key 5f1c0d3e-key refused", s.Secrets()...)).To(Equal("key [redacted] refused"))
}
