// Secrets: every value that was ever in one, and a search for it everywhere else.

package testbed

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"net/url"
	"os"
	"slices"
	"sync"

	coordinationv1 "k8s.io/api/coordination/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/watch"
	"sigs.k8s.io/controller-runtime/pkg/client"
)

// Vault knows the values that were ever in Secrets, and what all other objects ever said.
type Vault struct {
	mu      sync.Mutex
	secrets map[string]string // value to where it is kept
	said    map[string]string // text to who said it first
}

// WatchSecrets follows all Secrets, all objects of ours, events, config maps and leases of a namespace, "" for all, until ctx ends.
func (b *Bed) WatchSecrets(ctx context.Context, namespace string) (*Vault, error) {
	v := NewVault()
	kinds := append(Reporting(), &corev1.Secret{}, &corev1.Event{}, &corev1.ConfigMap{}, &coordinationv1.Lease{})
	_, err := b.Watch(ctx, namespace, kinds, v.See)
	return v, err
}

// NewVault returns one that learns of the objects by See.
func NewVault() *Vault { return &Vault{secrets: map[string]string{}, said: map[string]string{}} }

// public are the keys of Secrets whose values are not secret: addresses, accounts, certificates, names.
var public = []string{"url", "username", "ca.crt", "ca.sha256", "tls", "tls.crt", "installation", "host", "port", "database"}

// shortest is the length below which a value cannot be told from chance and does not count as a secret.
const shortest = 6

// See takes note of one version of an object.
func (v *Vault) See(_ watch.EventType, o client.Object) {
	if s, ok := o.(*corev1.Secret); ok {
		for key, value := range s.Data {
			if !slices.Contains(public, key) {
				v.Keep(fmt.Sprintf("%s/%s[%s]", s.Namespace, s.Name, key), string(value))
			}
		}
		return
	}
	text, err := json.Marshal(o)
	if err != nil {
		text = fmt.Appendf(nil, "%+v", o)
	}
	var tree any
	if json.Unmarshal(text, &tree) == nil {
		v.hear(fmt.Sprintf("%T %s/%s", o, o.GetNamespace(), o.GetName()), tree)
	}
}

// hear collects the texts in a document, keys included.
func (v *Vault) hear(who string, node any) {
	switch node := node.(type) {
	case map[string]any:
		for k, child := range node {
			v.hear(who, k)
			v.hear(who, child)
		}
	case []any:
		for _, child := range node {
			v.hear(who, child)
		}
	case string:
		v.mu.Lock()
		defer v.mu.Unlock()
		if _, known := v.said[node]; !known && len(node) >= shortest {
			v.said[node] = who
		}
	}
}

// Keep adds a value that is secret, and where it comes from.
func (v *Vault) Keep(name, value string) {
	if len(value) < shortest {
		return
	}
	v.mu.Lock()
	defer v.mu.Unlock()
	for _, form := range formsOf(value) {
		if _, known := v.secrets[form]; !known {
			v.secrets[form] = name
		}
	}
}

// formsOf are the ways in which a value may be written.
func formsOf(value string) []string {
	raw := []byte(value)
	var escaped bytes.Buffer
	_ = xml.EscapeText(&escaped, raw) // a buffer never fails
	quoted, err := json.Marshal(value)
	if err != nil {
		quoted = raw
	}
	return []string{
		value, base64.StdEncoding.EncodeToString(raw), base64.RawURLEncoding.EncodeToString(raw), hex.EncodeToString(raw),
		escaped.String(), string(bytes.Trim(quoted, `"`)), url.QueryEscape(value),
	}
}

// Kept is how many values, in all their forms, are known.
func (v *Vault) Kept() int {
	v.mu.Lock()
	defer v.mu.Unlock()
	return len(v.secrets)
}

// Leaks names the secrets that an object has said, or that one of the texts holds. It does not show them.
func (v *Vault) Leaks(texts map[string][]byte) []string {
	v.mu.Lock()
	defer v.mu.Unlock()
	search := newSearch(v.secrets)
	var leaks []string
	for text, who := range v.said {
		if name, around := search.in([]byte(text)); name != "" {
			leaks = append(leaks, fmt.Sprintf("%s is told by %s: %s", name, who, around))
		}
	}
	for where, text := range texts {
		if name, around := search.in(text); name != "" {
			leaks = append(leaks, fmt.Sprintf("%s is in %s: %s", name, where, around))
		}
	}
	slices.Sort(leaks)
	return leaks
}

// LeaksInFiles is Leaks with the contents of files.
func (v *Vault) LeaksInFiles(files ...string) ([]string, error) {
	texts := map[string][]byte{}
	for _, f := range files {
		text, err := os.ReadFile(f)
		if err != nil {
			return nil, err
		}
		texts[f] = text
	}
	return v.Leaks(texts), nil
}

// search looks for many values in one go, by how they begin.
type search map[[shortest]byte][]needle

type needle struct{ value, name string }

func newSearch(secrets map[string]string) search {
	s := search{}
	for value, name := range secrets {
		if len(value) >= shortest {
			s[[shortest]byte([]byte(value))] = append(s[[shortest]byte([]byte(value))], needle{value, name})
		}
	}
	return s
}

// shown is how much of the text around a secret is reported.
const shown = 80

// in returns the name of a secret that is in a text, and the text around it; "" when there is none.
func (s search) in(text []byte) (name, around string) {
	for i := 0; i+shortest <= len(text); i++ {
		for _, n := range s[[shortest]byte(text[i:])] {
			if end := i + len(n.value); bytes.HasPrefix(text[i:], []byte(n.value)) {
				return n.name, fmt.Sprintf("%q", string(text[max(0, i-shown):i])+"[it]"+string(text[end:min(len(text), end+shown)]))
			}
		}
	}
	return "", ""
}
