// Published secrets: what the operator hands out in Secrets of its own making.

package engine

import (
	"bytes"
	"context"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/client/apiutil"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// connectionField is the field that names the Secret to publish to.
const connectionField = "spec.connectionSecretRef"

// publish writes how to connect to the object into a Secret. It is owned by the resource and deleted with it, unless the object stays.
func (p *pass[O, W]) publish(ctx context.Context) *verdict {
	k, ok := p.kind.(Publisher[O, W])
	if !ok || p.policy() == v1alpha1.ManagementPolicyObserveOnly {
		return nil
	}
	name := k.PublishTo(p.o)
	if name == "" {
		return nil
	}
	if len(p.inputs.secrets) == 0 && len(p.secret.digests) > 0 {
		if v := p.useSecrets(); v != nil {
			return v
		}
	}
	values := k.Publish(p.o, p.found, p.inputs)
	owner, err := p.ownerReference()
	if err != nil {
		return p.fail(err)
	}
	err = p.secrets.write(ctx, types.NamespacedName{Namespace: p.o.GetNamespace(), Name: name}, replaceAll(values), owner)
	if err != nil {
		use := SecretUse{Field: connectionField}
		use.SecretRef.Name = name
		return p.fail(inField(use, err))
	}
	return nil
}

// replaceAll makes the data of a Secret these values and nothing else.
func replaceAll(values map[string]xmlapi.Secret) func(map[string][]byte) bool {
	want := make(map[string][]byte, len(values))
	for k, v := range values {
		want[k] = []byte(v.Reveal())
	}
	return func(data map[string][]byte) bool {
		if maps.EqualFunc(data, want, bytes.Equal) {
			return false
		}
		clear(data)
		maps.Copy(data, want)
		return true
	}
}

// ownerReference has a published Secret garbage-collected with the resource.
func (p *pass[O, W]) ownerReference() (*metav1.OwnerReference, error) {
	gvk, err := apiutil.GVKForObject(p.o, p.client.Scheme())
	if err != nil {
		return nil, err
	}
	return &metav1.OwnerReference{APIVersion: gvk.GroupVersion().String(), Kind: gvk.Kind, Name: p.o.GetName(), UID: p.o.GetUID()}, nil
}

// leavePublished orphans what was published, or told, when its resource is deleted and the object stays: whoever uses the object needs it.
func (p *pass[O, W]) leavePublished(ctx context.Context) error {
	if k, ok := p.kind.(Publisher[O, W]); ok {
		if err := p.orphan(ctx, k.PublishTo(p.o)); err != nil {
			return err
		}
	}
	if k, ok := p.kind.(Discloser[O, W]); ok {
		return p.orphan(ctx, k.KeepIn(p.o).Name)
	}
	return nil
}

// orphan has a Secret outlive the resource.
func (p *pass[O, W]) orphan(ctx context.Context, name string) error {
	if name == "" {
		return nil
	}
	secret := &metav1.PartialObjectMetadata{}
	secret.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Secret"))
	if err := p.secrets.reader.Get(ctx, types.NamespacedName{Namespace: p.o.GetNamespace(), Name: name}, secret); err != nil {
		return client.IgnoreNotFound(err)
	}
	base := secret.DeepCopy()
	secret.OwnerReferences = slices.DeleteFunc(secret.OwnerReferences, func(r metav1.OwnerReference) bool { return r.UID == p.o.GetUID() })
	if len(secret.OwnerReferences) == len(base.OwnerReferences) {
		return nil
	}
	return client.IgnoreNotFound(p.client.Patch(ctx, secret, client.MergeFromWithOptions(base, client.MergeFromWithOptimisticLock{})))
}
