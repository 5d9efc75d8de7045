// Names of manifests: from natural keys, the same in every run.

package export

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"regexp"
	"strings"
	"text/template"

	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// Naming is what a name can be made of.
type Naming struct {
	Kind  string // e.g. PleskMailAccount
	Key   string // the natural key, e.g. info
	Owner string // the name of the manifest of what it lies in, "" for none
	Name  string // that it has without a template, e.g. info-acme-example
}

// Namer makes names. What cannot stand in a name of Kubernetes' is replaced in what it returns.
type Namer func(Naming) (string, error)

// ParseNameTemplate makes a Namer of a template in Go's syntax, such as "{{.Name}}-web01".
func ParseNameTemplate(text string) (Namer, error) {
	t, err := template.New("name").Option("missingkey=error").Parse(text)
	if err != nil {
		return nil, fmt.Errorf("the name template: %w", err)
	}
	n := func(of Naming) (string, error) {
		var out strings.Builder
		if err := t.Execute(&out, of); err != nil {
			return "", fmt.Errorf("the name template: %w", err)
		}
		return out.String(), nil
	}
	if _, err := n(Naming{Kind: "PleskCustomer", Key: "acme", Name: "acme"}); err != nil {
		return nil, err
	}
	return n, nil
}

// longestName leaves room for what names of Secrets have around it.
const longestName = 100

var unnameable = regexp.MustCompile(`[^a-z0-9]+`)

// slug is a text as a name of Kubernetes', "" where nothing of it can stand in one.
func slug(text string) string {
	return strings.Trim(unnameable.ReplaceAllString(strings.ToLower(text), "-"), "-")
}

// hash tells what has one name apart.
func hash(x *engine.Exportable) string {
	sum := sha256.Sum256([]byte(strings.Join([]string{x.Kind, x.Key.Within.GUID, x.Key.Within.ID, x.Key.Name}, "\x00")))
	return hex.EncodeToString(sum[:4])
}

// nameAll gives a name to all that was found, whether or not it is described: names must not depend on what was selected. What an earlier run has named keeps
// its name; those of the others that come to one name get a hash, all of them.
func (e *run) nameAll() {
	e.names = map[*engine.Exportable]string{}
	for _, k := range e.kinds {
		taken := map[string]bool{}
		wish := map[string][]*engine.Exportable{}
		for _, known := range e.Known {
			if known.Kind == k.Kind {
				taken[known.Name] = true
			}
		}
		for _, x := range e.found[k.Kind] {
			if known, ok := e.Known.find(e.GUID, x.Kind, idOf(x)); ok {
				e.names[x] = known.Name
				continue
			}
			name, err := e.wishedName(x)
			if err != nil {
				e.trouble(x.Kind, x.Key.Name, err)
				e.chosen[x] = false
				continue
			}
			wish[name] = append(wish[name], x)
		}
		for name, all := range wish {
			for _, x := range all {
				e.names[x] = name
				if len(all) > 1 || taken[name] || name == "" || len(name) > longestName {
					e.names[x] = strings.Trim(name[:min(len(name), longestName)]+"-"+hash(x), "-")
				}
			}
		}
		e.leaveTwins(k.Kind)
	}
}

// leaveTwins leaves out what the server shows twice under one key: a manifest could be about either.
func (e *run) leaveTwins(kind string) {
	of := map[string]int{}
	for _, x := range e.found[kind] {
		of[e.names[x]]++
	}
	for _, x := range e.found[kind] {
		if e.chosen[x] && e.names[x] != "" && of[e.names[x]] > 1 {
			e.trouble(x.Kind, x.Key.Name, errors.New("the server shows another one under the same key, and a manifest could be about either"))
			e.chosen[x] = false
		}
	}
}

func (e *run) wishedName(x *engine.Exportable) (string, error) {
	n := Naming{Kind: x.Kind, Key: x.Key.Name, Name: slug(x.Key.Name)}
	around := e.index.around(x)
	if around != nil {
		n.Owner = e.nameOf(around)
	}
	implicit := e.index.parents[x] != nil // it has its parent's name, and its place
	if x.Key.Within != (engine.Identity{}) && !implicit && n.Owner != "" {
		n.Name = strings.Trim(n.Name+"-"+n.Owner, "-")
	}
	if e.Name == nil {
		return n.Name, nil
	}
	text, err := e.Name(n)
	return slug(text), err
}

// nameOf is the name of something; what it lies in has been named before it.
func (e *run) nameOf(x *engine.Exportable) string {
	if name, ok := e.names[x]; ok {
		return name
	}
	return slug(x.Key.Name)
}

// idOf is what an object is known by in later runs: its GUID, or its id with its key, since ids are given again after a restore.
func idOf(x *engine.Exportable) string {
	if x.GUID != "" {
		return x.GUID
	}
	return x.ID + "/" + x.Key.Name
}
