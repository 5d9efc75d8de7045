module github.com/plesk-operator/plesk-operator

go 1.26.0
