// The cluster in memory: what is in the real one, with the manifests applied.

package preview

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/equality"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/apimachinery/pkg/util/uuid"
	"k8s.io/utils/ptr"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/fake"
	"sigs.k8s.io/controller-runtime/pkg/client/interceptor"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/cmd/kubectl-plesk/internal/fleet"
	"github.com/plesk-operator/plesk-operator/internal/controller"
	"github.com/plesk-operator/plesk-operator/internal/definitions"
	"github.com/plesk-operator/plesk-operator/internal/engine"
)

// Manifest is one that is to be applied. Its namespace is set.
type Manifest struct {
	fleet.Ref
	Content map[string]any
}

// cluster is in memory once it has started; until then objects are gathered for it.
type cluster struct {
	client.Client
	reader  client.Reader
	builder *fake.ClientBuilder
	objects map[fleet.Ref]client.Object
	applied map[fleet.Ref]bool           // manifests
	wants   map[fleet.Ref]map[string]any // the specs of those that live on a server
	kinds   []string                     // of what lives on servers, parents first
	reaches map[fleet.Ref]bool           // targets of suspensions and approvals among the manifests
	uses    fleet.Uses
	notes   []string // on manifests that change nothing on a server, and what becomes of it
	keyless bool     // the operator's key is not for the user: another one takes its place
}

func newCluster(o Options) *cluster {
	scheme := o.Scheme
	c := &cluster{reader: o.Reader, objects: map[fleet.Ref]client.Object{}, applied: map[fleet.Ref]bool{}, wants: map[fleet.Ref]map[string]any{}, reaches: map[fleet.Ref]bool{}}
	c.builder = fake.NewClientBuilder().WithScheme(scheme).WithStatusSubresource(&v1alpha1.PleskServer{}, &v1alpha1.PleskSuspension{}).
		WithStatusSubresource(controller.Kinds()...)
	c.Client = fake.NewClientBuilder().WithScheme(scheme).WithInterceptorFuncs(c.secretsAside()).Build() // until all is there
	for _, k := range controller.Kinds() {
		c.kinds = append(c.kinds, kindOf(scheme, k))
	}
	for _, b := range o.Base {
		c.objects[fleet.Of(kindOf(scheme, b), b).Ref] = b
	}
	return c
}

func kindOf(scheme *runtime.Scheme, o client.Object) string {
	kinds, _, err := scheme.ObjectKinds(o)
	if err != nil {
		panic(err) // it has been made by this scheme
	}
	return kinds[0].Kind
}

// order is that of references: parents first.
func (c *cluster) order(a, b fleet.Ref) int {
	return cmp.Or(slices.Index(c.kinds, a.Kind)-slices.Index(c.kinds, b.Kind), strings.Compare(a.Namespace, b.Namespace), strings.Compare(a.Name, b.Name))
}

// described lists what the manifests are about, and reach, on servers.
func (c *cluster) described() []fleet.Ref { return slices.SortedFunc(maps.Keys(c.wants), c.order) }

// apply puts a manifest into the cluster, or says why the API server would not.
func (c *cluster) apply(ctx context.Context, m Manifest) (problems []string, _ error) {
	content := runtime.DeepCopyJSON(m.Content)
	delete(content, "status")
	u := &unstructured.Unstructured{Object: content}
	u.SetNamespace(m.Namespace)
	was := c.objects[m.Ref]
	switch {
	case m.Name == "":
		return []string{"metadata.name is required"}, nil
	case c.applied[m.Ref]:
		return []string{"another manifest is about the same resource"}, nil
	case was != nil && was.GetDeletionTimestamp() != nil:
		return []string{"it is being deleted: what its spec says makes no difference any more"}, nil
	}
	c.applied[m.Ref] = true
	if !c.Scheme().Recognizes(u.GroupVersionKind()) {
		return []string{fmt.Sprintf("there is no kind %s in %s", m.Kind, u.GetAPIVersion())}, nil
	}
	if u.GroupVersionKind().GroupVersion() == v1alpha1.GroupVersion {
		var old map[string]any
		if was != nil {
			var err error
			if old, err = contentOf(was); err != nil {
				return nil, err
			}
		}
		problems, err := definitions.Check(ctx, m.Kind, content, old)
		if err != nil || len(problems) > 0 {
			return problems, err
		}
	}
	made, err := c.Scheme().New(u.GroupVersionKind())
	if err != nil {
		return nil, err
	}
	now := made.(client.Object)
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(content, now); err != nil {
		return []string{err.Error()}, nil //nolint:nilerr // it is about the manifest
	}
	switch t := now.(type) {
	case *corev1.Secret:
		definitions.StoreSecret(t)
	case *v1alpha1.PleskApproval:
		c.reaches[target(m, t.Spec.TargetRef.Kind, t.Spec.TargetRef.Name)] = true
		return nil, nil // what it permits is shown as what would be written
	case *v1alpha1.PleskSuspension:
		c.reaches[target(m, t.Spec.TargetRef.Kind, t.Spec.TargetRef.Name)] = true
	}
	now.SetUID(uuid.NewUUID())
	now.SetGeneration(1)
	if was != nil {
		c.notes = append(c.notes, changedPolicies(m.Ref, was, now)...)
		if err := keep(was, now); err != nil {
			return nil, err
		}
	}
	c.objects[m.Ref] = now
	if slices.Contains(c.kinds, m.Kind) {
		c.wants[m.Ref], _ = content["spec"].(map[string]any)
	}
	return nil, nil
}

// changedPolicies say how far the operator goes by now, and would by the manifest.
func changedPolicies(of fleet.Ref, was, now client.Object) (out []string) {
	before, lives := was.(v1alpha1.Object)
	if !lives {
		return nil
	}
	b, n := before.Common(), now.(v1alpha1.Object).Common()
	if b.ManagementPolicy != n.ManagementPolicy {
		out = append(out, fmt.Sprintf("%s in %s has managementPolicy %s, and would have %s", of, of.Namespace, b.ManagementPolicy, n.ManagementPolicy))
	}
	if old, fresh := ptr.Deref(b.DeletionPolicy, "the server's"), ptr.Deref(n.DeletionPolicy, "the server's"); old != fresh {
		out = append(out, fmt.Sprintf("%s in %s has the deletionPolicy %s, and would have %s", of, of.Namespace, old, fresh))
	}
	return out
}

func target(m Manifest, kind, name string) fleet.Ref {
	return fleet.Ref{Kind: kind, Namespace: m.Namespace, Name: name}
}

// reach adds what manifests change although they are about something else: what lives on their servers, uses their Secrets, or is the target of their
// suspensions and approvals.
func (c *cluster) reach() error {
	var err error
	if c.uses, err = controller.Uses(c.Scheme()); err != nil {
		return err
	}
	var all []fleet.Object
	for ref, o := range c.objects {
		if slices.Contains(c.kinds, ref.Kind) {
			all = append(all, fleet.Of(ref.Kind, o))
		}
	}
	set := fleet.NewSet(all, c.uses)
	for _, o := range all {
		is := c.reaches[o.Ref]
		if of, ok := set.Server(o); ok {
			is = is || c.applied[of]
		}
		for _, use := range c.uses[o.Kind](o.Object).Secrets {
			is = is || c.applied[fleet.Ref{Kind: "Secret", Namespace: o.Namespace, Name: use.SecretRef.Name}]
		}
		if !is || c.wants[o.Ref] != nil || o.GetDeletionTimestamp() != nil {
			continue
		}
		content, err := contentOf(o.Object)
		if err != nil {
			return err
		}
		c.wants[o.Ref], _ = content["spec"].(map[string]any)
	}
	return nil
}

// hopeless reports whether something that an object waits for is not coming: nobody describes it, or what describes it would not be made.
func (c *cluster) hopeless(of fleet.Ref, come map[fleet.Ref]bool) bool {
	for _, u := range c.uses[of.Kind](c.objects[of]).Objects {
		n := fleet.Ref{Kind: u.Kind, Namespace: of.Namespace, Name: u.Name}
		if there, known := come[n]; u.Name != "" && !u.Soft && (known && !there || !known && c.objects[n] == nil) {
			return true
		}
	}
	return false
}

// keep has an object be the one that was there, with another spec.
func keep(was, now client.Object) error {
	labels, annotations := now.GetLabels(), maps.Clone(was.GetAnnotations())
	if annotations == nil {
		annotations = map[string]string{}
	}
	maps.Copy(annotations, now.GetAnnotations())
	old, err := contentOf(was)
	if err != nil {
		return err
	}
	fresh, err := contentOf(now)
	if err != nil {
		return err
	}
	same := equality.Semantic.DeepEqual(old["spec"], fresh["spec"])
	server, isServer := now.(*v1alpha1.PleskServer)
	elsewhere := isServer && !sameReach(was.(*v1alpha1.PleskServer), server)
	old["spec"] = fresh["spec"]
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(old, now); err != nil {
		return err
	}
	now.SetLabels(labels)
	now.SetAnnotations(annotations)
	if elsewhere {
		meta.RemoveStatusCondition(&server.Status.Conditions, v1alpha1.ConditionReady)
	}
	if !same && !isServer {
		now.SetGeneration(was.GetGeneration() + 1)
	}
	return nil
}

// sameReach reports whether a server goes on being the one that the operator has reached. Of another one nothing is known: nobody has looked whether it
// is the same Plesk, so nothing of this cluster is sent there.
func sameReach(was, now *v1alpha1.PleskServer) bool {
	return was.Spec.URL == now.Spec.URL && was.Spec.CredentialsSecretRef == now.Spec.CredentialsSecretRef && equality.Semantic.DeepEqual(was.Spec.TLS, now.Spec.TLS)
}

// contentOf is an object as its definition sees it.
func contentOf(o client.Object) (map[string]any, error) {
	text, err := json.Marshal(o)
	if err != nil {
		return nil, err
	}
	var content map[string]any
	err = utiljson.Unmarshal(text, &content) // whole numbers stay whole
	return content, err
}

// wanted is what a manifest says of an object that cannot be compared yet.
func (c *cluster) wanted(of fleet.Ref) []v1alpha1.Change {
	var out []v1alpha1.Change
	var walk func(path string, value any)
	walk = func(path string, value any) {
		switch t := value.(type) {
		case map[string]any:
			for _, name := range slices.Sorted(maps.Keys(t)) {
				walk(strings.TrimPrefix(path+"."+name, "."), t[name])
			}
		case []any:
			for i, v := range t {
				walk(path+"["+strconv.Itoa(i)+"]", v)
			}
		default:
			out = append(out, v1alpha1.Change{Field: path, To: fmt.Sprint(t)})
		}
	}
	spec := maps.Clone(c.wants[of])
	for f := range reflect.TypeFor[v1alpha1.CommonSpec]().Fields() {
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		delete(spec, name) // it says what the operator does, not what the server has
	}
	walk("", spec)
	return out
}

// IndexField implements client.FieldIndexer, for the time before the start.
func (c *cluster) IndexField(_ context.Context, o client.Object, field string, extract client.IndexerFunc) error {
	c.builder.WithIndex(o, field, extract)
	return nil
}

// start makes the cluster of what was gathered.
func (c *cluster) start() {
	for _, o := range c.objects {
		if o.GetDeletionTimestamp() != nil && len(o.GetFinalizers()) == 0 {
			continue // it is gone
		}
		c.builder.WithObjects(o)
	}
	c.Client = c.builder.WithInterceptorFuncs(c.secretsAside()).Build()
}

// secretsAside has Secrets read in the real cluster, and none written.
func (c *cluster) secretsAside() interceptor.Funcs {
	return interceptor.Funcs{Get: c.read, Create: c.create, Update: c.update}
}

// read looks for Secrets that are not in memory, and for the labels of namespaces, in the real cluster.
func (c *cluster) read(ctx context.Context, memory client.WithWatch, key client.ObjectKey, into client.Object, opts ...client.GetOption) error {
	err := memory.Get(ctx, key, into, opts...)
	if c.reader == nil || !apierrors.IsNotFound(err) {
		return err
	}
	if kind := kindRead(into); kind != "Secret" && kind != "Namespace" || c.keyless && key.Name == engine.HashKeySecret {
		return err
	}
	return c.reader.Get(ctx, key, into, opts...)
}

func kindRead(o client.Object) string {
	switch t := o.(type) {
	case *corev1.Secret:
		return "Secret"
	case *metav1.PartialObjectMetadata:
		return t.Kind
	}
	return ""
}

// create and update keep Secrets as they are: a connection that would be written is none of the server's.
func (c *cluster) create(ctx context.Context, memory client.WithWatch, o client.Object, opts ...client.CreateOption) error {
	if kindRead(o) == "Secret" {
		return nil
	}
	return memory.Create(ctx, o, opts...)
}

func (c *cluster) update(ctx context.Context, memory client.WithWatch, o client.Object, opts ...client.UpdateOption) error {
	if kindRead(o) == "Secret" {
		return nil
	}
	return memory.Update(ctx, o, opts...)
}

func (c *cluster) get(ctx context.Context, of fleet.Ref) (v1alpha1.Object, error) {
	made, err := c.Scheme().New(v1alpha1.GroupVersion.WithKind(of.Kind))
	if err != nil {
		return nil, err
	}
	o := made.(v1alpha1.Object)
	return o, c.Get(ctx, client.ObjectKey{Namespace: of.Namespace, Name: of.Name}, o)
}
