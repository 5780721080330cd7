import "reflect-metadata";
import { Annotation, StateGraph } from "@langchain/langgraph";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { Module } from "@nestjs/common";
import { NestFactory } from "@nestjs/core";
import express from "express";
import fastify from "fastify";
import { serve } from "./serve.cjs";
import { seen } from "./shared/work.mjs";

await serve({ express, fastify, NestFactory, Module, StateGraph, Annotation, Client });
await seen();
process.exit(0);
