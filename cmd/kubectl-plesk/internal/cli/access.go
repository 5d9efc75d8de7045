// Access to the cluster: a client with the user's rights, the kinds, and what is said when a right is missing.

package cli

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/go-logr/logr"
	authenticationv1 "k8s.io/api/authentication/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	clientgoscheme "k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/rest"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/log"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/controller"
)

// fieldManager is who the API server records for what these commands write.
const fieldManager = "kubectl-plesk"

// requestManager is who it records for requests, which are annotations: else each would make this program the one that wrote the spec last.
const requestManager = "kubectl-plesk-request"

// access is the cluster, as the user may see it.
type access struct {
	client.Client
	namespace string
	uses      fleet.Uses
}

func newScheme() (*runtime.Scheme, error) {
	s := runtime.NewScheme()
	return s, errors.Join(clientgoscheme.AddToScheme(s), v1alpha1.AddToScheme(s))
}

// access connects to the cluster.
func (e *env) access() (*access, error) {
	scheme, err := newScheme()
	if err != nil {
		return nil, err
	}
	config, err := e.flags.ToRESTConfig()
	if err != nil {
		return nil, err
	}
	config.WarningHandler = rest.NoWarnings{}
	config.UserAgent = "kubectl-plesk/" + e.version
	mapper, err := e.flags.ToRESTMapper()
	if err != nil {
		return nil, err
	}
	log.SetLogger(logr.Discard()) // the library says so loudly where nobody has
	a := &access{}
	if a.Client, err = client.New(config, client.Options{Scheme: scheme, Mapper: mapper}); err != nil {
		return nil, err
	}
	a.Client = client.WithFieldOwner(a.Client, fieldManager)
	if a.namespace, _, err = e.flags.ToRawKubeConfigLoader().Namespace(); err != nil {
		return nil, err
	}
	a.uses, err = controller.Uses(scheme)
	return a, err
}

// kindNames lists our kinds that have conditions: the server, and what lives on one.
func kindNames(s *runtime.Scheme) []string {
	var out []string
	for name, t := range s.KnownTypes(v1alpha1.GroupVersion) {
		o, err := s.New(v1alpha1.GroupVersion.WithKind(name))
		if err != nil || t == nil {
			continue
		}
		_, lives := o.(v1alpha1.Object)
		if _, is := o.(*v1alpha1.PleskServer); lives || is {
			out = append(out, name)
		}
	}
	slices.Sort(out)
	return out
}

// kindOf finds the kind that a user means: PleskCustomer, customer, customers, or whatever the cluster calls it (plcust).
func (a *access) kindOf(word string) (string, error) {
	for _, kind := range kindNames(a.Scheme()) {
		short := strings.TrimPrefix(strings.ToLower(kind), "plesk")
		if slices.Contains([]string{strings.ToLower(kind), strings.ToLower(kind) + "s", short, short + "s"}, strings.ToLower(word)) {
			return kind, nil
		}
	}
	_, gr := schema.ParseResourceArg(strings.ToLower(word))
	gvk, err := a.RESTMapper().KindFor(gr.WithVersion(""))
	if err == nil && gvk.Group == v1alpha1.GroupVersion.Group && slices.Contains(kindNames(a.Scheme()), gvk.Kind) {
		return gvk.Kind, nil
	}
	return "", fmt.Errorf("%q is none of the operator's kinds: %s", word, strings.Join(kindNames(a.Scheme()), ", "))
}

// refs reads the objects that arguments name: KIND/NAME …, or KIND NAME ….
func (a *access) refs(args []string) ([]fleet.Ref, error) {
	var out []fleet.Ref
	if len(args) > 1 && !strings.Contains(args[0], "/") {
		kind := args[0]
		args = slices.Clone(args[1:])
		for i := range args {
			args[i] = kind + "/" + args[i]
		}
	}
	for _, arg := range args {
		word, name, ok := strings.Cut(arg, "/")
		if !ok || name == "" {
			return nil, fmt.Errorf("%q: want KIND/NAME", arg)
		}
		kind, err := a.kindOf(word)
		if err != nil {
			return nil, err
		}
		out = append(out, fleet.Ref{Kind: kind, Namespace: a.namespace, Name: name})
	}
	return out, nil
}

// get reads one object.
func (a *access) get(ctx context.Context, r fleet.Ref) (fleet.Object, error) {
	o, err := a.Scheme().New(v1alpha1.GroupVersion.WithKind(r.Kind))
	if err != nil {
		return fleet.Object{}, err
	}
	into := o.(client.Object)
	if err := a.Get(ctx, types.NamespacedName{Namespace: r.Namespace, Name: r.Name}, into); err != nil {
		return fleet.Object{}, explain(err, "get", a.resource(r.Kind), r.Namespace)
	}
	return fleet.Of(r.Kind, into), nil
}

// pageSize bounds what is read at once.
const pageSize = 500

// list reads all objects of some kinds in a namespace, "" for all of them. What may not be read is told in lacking. Of a kind
// that is not installed there is nothing; that none of them is, is told.
func (a *access) list(ctx context.Context, kinds []string, namespace string, selector labels.Selector) (objects []fleet.Object, lacking []string, _ error) {
	var absent []string
	for _, kind := range kinds {
		var next string
		for more := true; more; more = next != "" {
			made, err := a.Scheme().New(v1alpha1.GroupVersion.WithKind(kind + "List"))
			if err != nil {
				return nil, nil, err
			}
			page := made.(client.ObjectList)
			err = a.List(ctx, page, client.InNamespace(namespace), client.Limit(pageSize), client.Continue(next), client.MatchingLabelsSelector{Selector: selector})
			switch {
			case apierrors.IsForbidden(err):
				lacking = append(lacking, explain(err, "list", a.resource(kind), namespace).Error())
			case meta.IsNoMatchError(err), apierrors.IsNotFound(err):
				absent = append(absent, kind+" is not installed in the cluster")
			case err != nil:
				return nil, nil, err
			}
			if err != nil {
				break
			}
			items, err := meta.ExtractList(page)
			if err != nil {
				return nil, nil, err
			}
			for _, item := range items {
				objects = append(objects, fleet.Of(kind, item.(client.Object)))
			}
			next = page.GetContinue()
		}
	}
	if len(absent) == len(kinds) {
		lacking = append(lacking, absent...)
	}
	return objects, lacking, nil
}

// set reads all that is in a namespace, "" for all of them, with the servers of other namespaces that it is on.
func (a *access) set(ctx context.Context, namespace string) (*fleet.Set, []string, error) {
	objects, lacking, err := a.list(ctx, kindNames(a.Scheme()), namespace, labels.Everything())
	if err != nil {
		return nil, nil, err
	}
	set := fleet.NewSet(objects, a.uses)
	if namespace == "" {
		return set, lacking, nil
	}
	elsewhere := map[fleet.Ref]bool{}
	for _, o := range set.All() {
		if of, ok := set.Server(o); ok && of.Namespace != namespace {
			elsewhere[of] = true
		}
	}
	for _, of := range slices.SortedFunc(maps.Keys(elsewhere), func(a, b fleet.Ref) int { return strings.Compare(a.Namespace+"/"+a.Name, b.Namespace+"/"+b.Name) }) {
		o, err := a.get(ctx, of)
		if err != nil {
			lacking = append(lacking, err.Error())
			continue
		}
		objects = append(objects, o)
	}
	return fleet.NewSet(objects, a.uses), lacking, nil
}

// selection is what commands work on: named objects, or those that a selector, a server or --all choose.
type selection struct {
	selector, server string
	all, everywhere  bool
}

// read returns what is selected.
func (s *selection) read(ctx context.Context, a *access, args []string) ([]fleet.Object, error) {
	if len(args) > 0 {
		if s.selector != "" || s.all || s.server != "" {
			return nil, errors.New("name objects, or choose them by --selector, --on or --all, not both")
		}
		refs, err := a.refs(args)
		if err != nil {
			return nil, err
		}
		var out []fleet.Object
		for _, r := range refs {
			o, err := a.get(ctx, r)
			if err != nil {
				return nil, err
			}
			out = append(out, o)
		}
		return out, nil
	}
	if s.selector == "" && !s.all && s.server == "" {
		return nil, errors.New("name an object (KIND/NAME), or choose some by --selector, --on or --all")
	}
	return s.choose(ctx, a)
}

// choose returns what flags select.
func (s *selection) choose(ctx context.Context, a *access) ([]fleet.Object, error) {
	selector, err := labels.Parse(s.selector)
	if err != nil {
		return nil, fmt.Errorf("--selector: %w", err)
	}
	namespace := a.namespace
	if s.everywhere {
		namespace = ""
	}
	var set *fleet.Set
	var lacking []string
	if s.server != "" {
		set, lacking, err = a.set(ctx, namespace)
	} else { // the servers, which may be in other namespaces, decide about nothing
		var objects []fleet.Object
		objects, lacking, err = a.list(ctx, kindNames(a.Scheme()), namespace, labels.Everything())
		set = fleet.NewSet(objects, a.uses)
	}
	if err != nil {
		return nil, err
	}
	if len(lacking) > 0 {
		// A selection of which a part is not seen is another one than the user thinks.
		return nil, errors.New(strings.Join(lacking, "\n"))
	}
	named := func(r fleet.Ref) bool { return r.Name == s.server || r.Namespace+"/"+r.Name == s.server }
	var servers []string
	for _, o := range set.All() {
		if s.server != "" && o.Kind == fleet.KindServer && named(o.Ref) {
			servers = append(servers, o.Namespace+"/"+o.Name)
		}
	}
	switch {
	case s.server != "" && len(servers) == 0:
		return nil, fmt.Errorf("--on %s: there is no such PleskServer, or nothing here is on it", s.server)
	case len(servers) > 1:
		slices.Sort(servers)
		return nil, fmt.Errorf("--on %s is more than one PleskServer: name one of %s", s.server, strings.Join(servers, ", "))
	}
	var out []fleet.Object
	for _, o := range set.All() {
		if namespace != "" && o.Namespace != namespace {
			continue // a server that something here is on
		}
		of, ok := set.Server(o)
		if selector.Matches(labels.Set(o.GetLabels())) && (s.server == "" || ok && named(of)) {
			out = append(out, o)
		}
	}
	return out, nil
}

// resource is what the cluster calls a kind.
func (a *access) resource(kind string) string {
	m, err := a.RESTMapper().RESTMapping(schema.GroupKind{Group: v1alpha1.GroupVersion.Group, Kind: kind})
	if err != nil {
		return strings.ToLower(kind) + "s." + v1alpha1.GroupVersion.Group
	}
	return m.Resource.Resource + "." + m.Resource.Group
}

// explain says of a refusal which right is missing.
func explain(err error, verb, resource, namespace string) error {
	if !apierrors.IsForbidden(err) {
		return err
	}
	where := "in namespace " + namespace
	if namespace == "" {
		where = "in all namespaces"
	}
	return &lackError{fmt.Sprintf("you may not %s %s %s", verb, resource, where), err}
}

// lackError is a right that the user lacks.
type lackError struct {
	text string
	err  error
}

// Error implements error.
func (e *lackError) Error() string { return e.text }

// Unwrap returns the cluster's refusal.
func (e *lackError) Unwrap() error { return e.err }

// whoAmI is the user, as the cluster knows them.
func (a *access) whoAmI(ctx context.Context) (string, error) {
	review := &authenticationv1.SelfSubjectReview{}
	if err := a.Create(ctx, review); err != nil {
		return "", explain(err, "create", "selfsubjectreviews.authentication.k8s.io", "")
	}
	return review.Status.UserInfo.Username, nil
}

// now is the time that annotations hold.
func (e *env) now() metav1.Time { return metav1.NewTime(e.clock.Now()) }
