{{- define "gvList" -}}
{{- $groupVersions := . -}}
# API reference

Generated from the types by `make generate`. `kubectl explain` shows the same texts. A field that is not set is not managed, unless its text says otherwise. "Wire" is what a field becomes in a packet to the server: the operator, and the
path in it. What is "Privileged" reaches beyond a tenant's own sites: the namespace of the server may set it, and other namespaces where `privilegedFields` of `spec.tenants` says `Allow`.
{{ range $groupVersions }}
{{ template "gvDetails" . }}
{{ end -}}
{{- end -}}
