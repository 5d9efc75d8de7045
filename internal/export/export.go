// From a server to manifests: what is read, what of it was selected, and how each object is described.

// Package export describes what is on a Plesk server as manifests that, applied, change nothing there. It prints nothing: who calls it is told by a
// Reporter, and by the Result.
package export

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/yaml"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/definitions"
	"github.com/plesk-operator/plesk-operator/internal/engine"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// Options of Run. Empty selections select all.
type Options struct {
	Server    v1alpha1.ServerReference // the PleskServer that manifests name
	Namespace string                   // of the manifests; "" leaves it to whoever applies them
	GUID      string                   // of the server that is read
	Role      v1alpha1.ServerRole      // of the credentials

	Full bool // with the defaults of what is not set
	// Lifecycle : with what a billing system owns, where there is one: owners, plans, passwords and allowances of accounts and subscriptions.
	Lifecycle bool

	Kinds []string // e.g. PleskCustomer
	// What is selected is one of these, or lies in one: logins of customers, domain names of subscriptions, and those of subscriptions, sites,
	// subdomains and aliases. A service plan selects the subscriptions that are bound to it, too.
	Customers, Subscriptions, Domains, Plans []string

	Policy v1alpha1.ManagementPolicy // of the manifests; "" is ObserveOnly
	Name   Namer                     // nil: names from natural keys
	Known  Known                     // what earlier runs have written
}

// Reporter is told what goes on while it does.
type Reporter interface {
	// Reading : the objects of a kind are asked for.
	Reading(kind string)
	// Read : so many are there.
	Read(kind string, n int)
	// Trouble : something could not be described.
	Trouble(Trouble)
}

// Trouble is something that could not be described.
type Trouble struct {
	Kind string
	Key  string // "" where it is about the whole kind
	Why  string
}

// String is the trouble for people.
func (t Trouble) String() string {
	if t.Key == "" {
		return t.Kind + ": " + t.Why
	}
	return fmt.Sprintf("%s %q: %s", t.Kind, t.Key, t.Why)
}

// Note is something to know about an object that was described.
type Note struct{ Kind, Name, Text string }

// Object is a manifest, with what it is about.
type Object struct {
	v1alpha1.Object

	Kind   string
	ID     string // what it is known by in later runs
	Folder string // where it belongs, e.g. customers/acme
	File   string // that it is in already, "" for a new one
}

// SecretToMake is a Secret that a manifest refers to.
type SecretToMake struct {
	Name, Key string
	For       string // KIND/NAME
	Field     string
}

// Result is all that an export says.
type Result struct {
	Objects  []*Object // in the order in which they are best applied
	Secrets  []SecretToMake
	Troubles []Trouble
	Skipped  []Trouble // kinds, and why
	Notes    []Note
	Gone     []KnownObject // that earlier runs have described and that are not on the server any more
}

// Run reads the server and describes what is selected. An error says that nothing could be read at all; what else goes wrong stands in the result.
func Run(ctx context.Context, d xmlapi.Doer, kinds []engine.Exports, o Options, r Reporter) (*Result, error) {
	for _, k := range o.Kinds {
		if !slices.ContainsFunc(kinds, func(x engine.Exports) bool { return x.Kind == k }) {
			return nil, fmt.Errorf("%s is not a kind that lives on a server", k)
		}
	}
	e := newRun(kinds, o, r)
	if err := e.readAll(ctx, d); err != nil {
		return nil, err
	}
	if err := e.choose(); err != nil {
		return nil, err
	}
	e.describe(ctx)
	if err := ctx.Err(); err != nil { // what could not be described then was not tried
		return nil, err
	}
	e.findGone()
	return e.result, nil
}

// run is one export on its way.
type run struct {
	Options
	kinds    []engine.Exports
	reporter Reporter
	result   *Result
	found    map[string][]*engine.Exportable
	read     map[string]bool // kinds whose objects are all known
	index    *index
	chosen   map[*engine.Exportable]bool
	names    map[*engine.Exportable]string
	failed   map[*engine.Exportable]bool
}

func newRun(kinds []engine.Exports, o Options, r Reporter) *run {
	return &run{Options: o, kinds: kinds, reporter: r, result: &Result{}, found: map[string][]*engine.Exportable{}, read: map[string]bool{}, index: newIndex()}
}

func (e *run) trouble(kind, key string, why error) {
	t := Trouble{Kind: kind, Key: key, Why: why.Error()}
	e.result.Troubles = append(e.result.Troubles, t)
	e.reporter.Trouble(t)
}

// wanted reports whether manifests of a kind are asked for.
func (e *run) wanted(kind string) bool { return len(e.Kinds) == 0 || slices.Contains(e.Kinds, kind) }

// needed are the kinds to read: those that are asked for, and all that they can refer to.
func (e *run) needed() map[string]bool {
	targets := map[string][]string{}
	for _, k := range e.kinds {
		targets[k.Kind] = k.Targets
	}
	needed := map[string]bool{}
	var need func(string)
	need = func(kind string) {
		if needed[kind] {
			return
		}
		needed[kind] = true
		for _, t := range targets[kind] {
			need(t)
		}
	}
	for _, k := range e.kinds {
		if e.wanted(k.Kind) && k.Why == "" {
			need(k.Kind)
		}
	}
	return needed
}

// readAll reads all kinds that are needed, parents before what lies in them.
func (e *run) readAll(ctx context.Context, d xmlapi.Doer) error {
	needed, reached := e.needed(), false
	var first error
	for _, k := range e.kinds {
		switch {
		case e.wanted(k.Kind) && k.Why != "":
			e.result.Skipped = append(e.result.Skipped, Trouble{Kind: k.Kind, Why: k.Why})
			continue
		case !needed[k.Kind] || k.Why != "":
			continue
		case e.Role != "" && !slices.Contains(k.Roles, e.Role):
			e.result.Skipped = append(e.result.Skipped, Trouble{Kind: k.Kind, Why: fmt.Sprintf("not for the credentials of a %s", strings.ToLower(string(e.Role)))})
			continue
		}
		e.reporter.Reading(k.Kind)
		list, unread, err := k.List(ctx, d, e.known(k), e.GUID)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			first = err
			if xmlapi.ClassOf(err) == xmlapi.Forbidden {
				e.result.Skipped = append(e.result.Skipped, Trouble{Kind: k.Kind, Why: err.Error()})
			} else {
				e.trouble(k.Kind, "", err)
			}
			continue
		}
		reached, e.read[k.Kind] = true, len(unread) == 0
		for _, u := range unread {
			e.trouble(k.Kind, u.Key.Name, u.Err)
		}
		e.found[k.Kind] = list
		e.index.add(k, list)
		e.reporter.Read(k.Kind, len(list))
	}
	if !reached && first != nil {
		return fmt.Errorf("nothing could be read: %w", first)
	}
	return nil
}

// known is what objects of a kind can lie in.
func (e *run) known(k engine.Exports) (known engine.Known) {
	for _, parent := range k.Parents {
		for _, p := range e.found[parent] {
			switch {
			case !k.Implicit:
				known.Parents = append(known.Parents, p.ID)
			case p.GUID == "":
				known.WithoutGUID = append(known.WithoutGUID, p.ID)
			default:
				known.IDs = append(known.IDs, p.ID)
			}
		}
	}
	for _, ids := range []*[]string{&known.IDs, &known.WithoutGUID, &known.Parents} {
		slices.Sort(*ids)
		*ids = slices.Compact(*ids)
	}
	return known
}

// describe makes the manifests, in the order of the kinds: what others refer to comes first.
func (e *run) describe(ctx context.Context) {
	e.failed = map[*engine.Exportable]bool{}
	e.nameAll()
	for _, k := range e.kinds {
		for _, x := range e.found[k.Kind] {
			if !e.chosen[x] {
				continue
			}
			if err := e.describeOne(ctx, x); err != nil {
				e.failed[x] = true
				e.trouble(x.Kind, x.Key.Name, err)
			}
		}
	}
}

func (e *run) describeOne(ctx context.Context, x *engine.Exportable) error {
	server := e.Server
	policy := e.Policy
	if policy == "" {
		policy = v1alpha1.ManagementPolicyObserveOnly
	}
	d, err := x.Describe(e.names[x], engine.Describing{Point: e.point, Lifecycle: e.Lifecycle, Common: v1alpha1.CommonSpec{
		ServerRef: &server, ManagementPolicy: policy, AdoptionPolicy: v1alpha1.AdoptionPolicyIfMatching, DeletionPolicy: new(v1alpha1.DeletionPolicyRetain),
	}})
	if err != nil {
		return err
	}
	d.Object.SetNamespace(e.Namespace)
	d.Object.SetAnnotations(map[string]string{AnnotationServer: e.GUID, AnnotationID: idOf(x)})
	d.Object.GetObjectKind().SetGroupVersionKind(v1alpha1.GroupVersion.WithKind(x.Kind))
	if err := e.hold(ctx, x.Kind, d.Object); err != nil {
		return err
	}
	o := &Object{Object: d.Object, Kind: x.Kind, ID: idOf(x), Folder: e.folder(x)}
	if k, ok := e.Known.find(e.GUID, x.Kind, o.ID); ok {
		o.File = k.File
	}
	e.result.Objects = append(e.result.Objects, o)
	for _, s := range d.Secrets {
		e.result.Secrets = append(e.result.Secrets, SecretToMake{Name: s.SecretRef.Name, Key: s.SecretRef.Key, For: x.Kind + "/" + e.names[x], Field: s.Field})
	}
	for _, n := range d.Notes {
		e.result.Notes = append(e.result.Notes, Note{Kind: x.Kind, Name: e.names[x], Text: n})
	}
	return nil
}

// hold returns why the API server would not take a manifest, nil where it would. A full one gets the defaults.
func (e *run) hold(ctx context.Context, kind string, o v1alpha1.Object) error {
	content, err := manifest(o)
	if err != nil {
		return err
	}
	problems, err := definitions.Check(ctx, kind, content, nil)
	switch {
	case err != nil:
		return err
	case len(problems) > 0:
		return errors.New("no manifest can say what the server has: " + strings.Join(problems, "; "))
	}
	if err := saidInYAML(content); err != nil {
		return fmt.Errorf("no manifest can say what the server has: %w", err)
	}
	if !e.Full {
		return nil
	}
	return runtime.DefaultUnstructuredConverter.FromUnstructured(content, o)
}

// saidInYAML returns an error for what would not be read from YAML as it was written there: a text may hold what no YAML does, and what YAML takes for
// a line end.
func saidInYAML(content map[string]any) error {
	text, err := yaml.Marshal(content)
	if err != nil {
		return err
	}
	back, err := yaml.YAMLToJSON(text)
	if err != nil {
		return err
	}
	was, err := json.Marshal(content)
	if err != nil {
		return err
	}
	if !bytes.Equal(was, back) {
		return errors.New("a text of it holds characters that YAML takes for line ends")
	}
	return nil
}

// findGone lists what earlier runs have described and the server does not show any more. Of a kind that could not be read nothing is said.
func (e *run) findGone() {
	there := map[string]bool{}
	for kind, list := range e.found {
		for _, x := range list {
			there[kind+"/"+idOf(x)] = true
		}
	}
	for _, id := range slices.Sorted(maps.Keys(e.Known)) {
		k := e.Known[id]
		if k.Server == e.GUID && e.wanted(k.Kind) && e.read[k.Kind] && !there[k.Kind+"/"+k.ID] {
			e.result.Gone = append(e.result.Gone, k)
		}
	}
}
