// Published secrets: what the operator hands out in Secrets of its own making.

package engine

import (
	"bytes"
	"context"
	"maps"

	"k8s.io/apimachinery/pkg/types"

	"github.com/plesk-operator/plesk-operator/api/v1alpha1"
	"github.com/plesk-operator/plesk-operator/internal/xmlapi"
)

// connectionField is the field that names the Secret to publish to.
const connectionField = "spec.connectionSecretRef"

// publish writes how to connect to the object into a Secret. It is deleted with the object, and not
// before.
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
	at := types.NamespacedName{Namespace: p.o.GetNamespace(), Name: name}
	return p.failConnection(name, p.secrets.write(ctx, at, v1alpha1.GeneratedConnection, p.author(), replaceAll(values)))
}

// mayPublish looks, before anything is made, whether the Secret that the object names for its connection is one that it could be written to.
func (p *pass[O, W]) mayPublish(ctx context.Context) *verdict {
	k, ok := p.kind.(Publisher[O, W])
	if !ok {
		return nil
	}
	name := k.PublishTo(p.o)
	if name == "" {
		return nil
	}
	at := types.NamespacedName{Namespace: p.o.GetNamespace(), Name: name}
	return p.failConnection(name, p.secrets.takesConnection(ctx, at, p.author()))
}

func (p *pass[O, W]) failConnection(name string, err error) *verdict {
	if err == nil {
		return nil
	}
	use := SecretUse{Field: connectionField}
	use.SecretRef.Name = name
	return p.fail(inField(use, err))
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

// author is the resource as what Secrets are written for.
func (p *pass[O, W]) author() author {
	return author{kind: p.kindName, name: p.o.GetName(), uid: p.o.GetUID()}
}

// unpublish deletes what was published, or told, of an object that has gone from its server. Of one that stays, it stays: whoever uses that needs it.
func (p *pass[O, W]) unpublish(ctx context.Context) *verdict {
	var present string
	if k, ok := p.kind.(Publisher[O, W]); ok {
		present = k.PublishTo(p.o)
	} else if k, ok := p.kind.(Discloser[O, W]); ok {
		present = k.KeepIn(p.o).Name
	} else {
		return nil
	}
	if err := p.secrets.remove(ctx, p.o.GetNamespace(), present, p.author()); err != nil {
		return p.fail(err)
	}
	return nil
}
